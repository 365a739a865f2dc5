"""The data folder is for the program alone: files 0600, the folder 0700.

New files and folders are made like that. What an earlier version, a copy or another program left
looser is tightened at the start, as far as it is ours.
"""

import re
import stat
from pathlib import Path

from ledger.store.disk import FILE_MODE, FOLDER_MODE

OTHERS = 0o077

_OURS = re.compile(
    r"events\.jsonl(\.torn-.*)?|profiles\.jsonl|user_data\.json|notices\.json|inbox\.jsonl"
    r"|inbox\.running|set_aside\.jsonl|pretend_telegram\.json(\.new)?|\..*\.tmp"
)
_NO_SECRETS = ("README.md", ".gitignore", "demo")
"""What else is in the folder of a fresh checkout; the demo has a folder of its own."""


def tighten(folder: Path) -> list[str]:
    """Take from others what they could read; a sentence for each thing that stays readable.

    A folder with files that aren't ours stays as it is: others may need those.
    """
    if not folder.is_dir():
        return []
    entries = sorted(folder.iterdir())
    loose = [path for path in entries if _OURS.fullmatch(path.name) and _is_loose_file(path)]
    problems = [text for path in loose if (text := _close(path, FILE_MODE))]
    if not is_loose(folder):
        return problems
    foreign = [
        path.name
        for path in entries
        if not _OURS.fullmatch(path.name) and path.name not in _NO_SECRETS
    ]
    if foreign:
        problems.append(
            f"{loose_folder(folder)}, and it has files that are not Viewbank's "
            f"({', '.join(foreign[:3])}), so it stays as it is"
        )
    elif text := _close(folder, FOLDER_MODE):
        problems.append(text)
    return problems


def is_loose(path: Path) -> bool:
    """Whether other users of this machine may use it in any way."""
    return bool(path.stat().st_mode & OTHERS)


def loose_folder(folder: Path) -> str:
    """What is wrong with a folder that is loose, and what to do: half a sentence."""
    return f"other users of this machine can look into {folder} (chmod 700 {folder} ends that)"


def _is_loose_file(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) and bool(mode & OTHERS)


def _close(path: Path, mode: int) -> str:
    try:
        path.chmod(mode)
    except OSError as error:
        return f"other users of this machine can read {path}, and that can't be ended: {error}"
    return ""
