"""The program, called."""
from __future__ import annotations

import os
import subprocess
import threading
from typing import Callable, Optional

from conceptune._files import PathLike


class ProgramError(RuntimeError):
    """The program ended with another code than 0; its last message is the error's text."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def call(*words: PathLike, program: Optional[PathLike] = None,
         progress: Optional[Callable[[str], object]] = None) -> str:
    """Runs `conceptune WORDS...` and gives back what it prints; `progress` gets each line of its messages as it comes.

    `program` is its path, else that of the environment variable CONCEPTUNE_PROGRAM, else `conceptune` of the PATH. Raises
    ProgramError when it fails. Interrupted by the keyboard, the program stops as by Ctrl-C and leaves what it can go on with.
    """
    command = [os.fspath(program or os.environ.get("CONCEPTUNE_PROGRAM", "conceptune")), *map(os.fspath, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          encoding="utf8") as process:
        messages: list[str] = []

        def relay() -> None:
            assert process.stderr is not None
            for line in process.stderr:
                messages.append(line.rstrip("\n"))
                if progress:
                    progress(messages[-1])

        reader = threading.Thread(target=relay)
        reader.start()
        assert process.stdout is not None
        output = process.stdout.read()
        reader.join()
    if process.returncode != 0:
        raise ProgramError(messages[-1] if messages else f"ended with {process.returncode}", process.returncode)
    return output
