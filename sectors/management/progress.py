"""One line that says how far a long command is; on a terminal it is overwritten, elsewhere a line now and then."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

from sectors.address_register.file_import import Progress

_BAR = 30
_SECONDS_ON_TERMINAL = 0.2
_SECONDS_ELSEWHERE = 10.0


class ProgressLine:
    """Shows a bar, the share done, the records and how many of them a second."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._step = ""
        self._began = self._shown = 0.0
        self._records_before = 0
        self._is_open = False

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.step != self._step:
            self.end()
            self._step, self._began, self._shown = progress.step, now, float("-inf")
            self._records_before = progress.records
        pause = _SECONDS_ON_TERMINAL if self._is_terminal else _SECONDS_ELSEWHERE
        if now - self._shown < pause and progress.done < progress.total:
            return
        self._shown = now
        text = self._text(progress, now - self._began)
        if self._is_terminal:
            self._out.write(f"\r{text}", ending="")
            self._is_open = True
        else:
            self._out.write(text)

    def _text(self, progress: Progress, seconds: float) -> str:
        share = min(1.0, progress.done / progress.total) if progress.total else 1.0
        bar = "#" * round(share * _BAR)
        text = f"{progress.step:<9} [{bar:<{_BAR}}] {share:4.0%}"
        if progress.records:
            text += f"  {progress.records:,} records"
        if progress.records > self._records_before:
            text += f", {(progress.records - self._records_before) / max(seconds, 0.001):,.0f}/s"
        return text

    def end(self) -> None:
        """Leave the last line standing."""
        if self._is_open:
            self._out.write("")
            self._is_open = False
