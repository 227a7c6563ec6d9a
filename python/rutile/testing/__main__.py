"""`python -m rutile.testing docs | report`."""

from __future__ import annotations

import sys

COMMANDS = {
    "docs": "write the table of all functions, docs/ops.md",
    "report": "count, for each class of ops, what the tests try",
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        lines = "\n".join(f"  {name:<8} {text}" for name, text in COMMANDS.items())
        print(f"usage: python -m rutile.testing COMMAND\n{lines}", file=sys.stderr)
        return 2
    if arguments[0] == "docs":
        from rutile.testing.docs import render

        sys.stdout.write(render())
        return 0
    from rutile.testing.report import main as report

    return report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
