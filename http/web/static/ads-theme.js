// Telegram's theme as the page's colours. People choose their themes themselves, and even those of
// Telegram have hints and buttons that are hard to read: each colour is moved until its contrast is
// enough.
const TEXT_CONTRAST = 4.5; // WCAG 2.2, AA
const SHAPE_CONTRAST = 3;
const OWN = { good: "#1e9e57", warn: "#c77800", bad: "#d8392f" };

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

function rgb(color) {
  const found = /^#([0-9a-f]{6})$/i.exec(color ?? "");
  return found && [0, 2, 4].map((at) => parseInt(found[1].slice(at, at + 2), 16));
}

function css(color) {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function mixed(one, other, share) {
  return one.map((part, i) => part + (other[i] - part) * share);
}

function luminance(color) {
  const [r, g, b] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The colour, moved towards black or white until it stands out from all backgrounds.
function readable(color, backgrounds, least) {
  const enough = (tried) => backgrounds.every((background) => contrast(tried, background) >= least);
  const end = contrast(WHITE, backgrounds[0]) > contrast(BLACK, backgrounds[0]) ? WHITE : BLACK;
  for (let share = 0; share < 1; share += 0.04) {
    const tried = mixed(color, end, share).map(Math.round);
    if (enough(tried)) return tried;
  }
  return end;
}

function palette(params) {
  const background = rgb(params.bg_color);
  if (!background) return null;
  const card = rgb(params.section_bg_color) ?? background;
  const page = rgb(params.secondary_bg_color) ?? background;
  const both = [card, page];
  const text = readable(rgb(params.text_color) ?? BLACK, both, TEXT_CONTRAST);
  const hint = rgb(params.subtitle_text_color ?? params.hint_color) ?? text;
  const track = mixed(card, text, 0.14);
  const buttonText = rgb(params.button_text_color) ?? WHITE;
  const button = rgb(params.button_color) ?? [28, 111, 196];
  const colors = {
    page,
    card,
    text,
    track,
    hint: readable(hint, [...both, track], TEXT_CONTRAST),
    link: readable(rgb(params.link_color) ?? button, both, TEXT_CONTRAST),
    button: readable(button, [buttonText], TEXT_CONTRAST),
    "button-text": buttonText,
    accent: readable(button, both, SHAPE_CONTRAST),
  };
  for (const [name, color] of Object.entries(OWN)) {
    colors[name] = readable(rgb(color), both, TEXT_CONTRAST);
  }
  return colors;
}

export function applyTheme(params) {
  const colors = palette(params ?? {});
  if (colors === null) return;
  const root = document.documentElement;
  root.dataset.scheme = luminance(colors.card) < 0.18 ? "dark" : "light";
  for (const [name, color] of Object.entries(colors)) {
    root.style.setProperty(`--${name}`, css(color));
  }
}
