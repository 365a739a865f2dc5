"""Describes the machine in general terms, without names, paths or hosts."""

import os
import platform
from pathlib import Path

_MEMORY_ONLY = ("tmpfs", "ramfs")


def describe(folder: Path) -> str:
    """Processors, memory, the folder's file system, and the versions that matter."""
    kind, device = _mount_of(folder)
    disk = "a virtual disk" if device.startswith(("vd", "xvd")) else "a disk"
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores, {_processor()}, {memory_gb:.0f} GB, {kind} on {disk}, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def is_memory_only(folder: Path) -> bool:
    """Whether it is in memory, where a sync costs nothing and so shows nothing."""
    return _mount_of(folder)[0] in _MEMORY_ONLY


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2] for line in text.splitlines() if line.startswith("model name")]
    return " ".join(names[0].split()) if names else platform.machine()


def _mount_of(folder: Path) -> tuple[str, str]:
    """The kind of file system and the device's short name."""
    best = ("", "unknown", "")
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        device, point, kind, *_ = line.split()
        if folder.resolve().is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind, Path(device).name)
    return best[1], best[2]
