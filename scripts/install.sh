#!/bin/sh
# Installs Debian packages if this machine and user may; else says what to install, and fails.
set -eu
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null && exit 0
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null && exit 0
    fi
fi
echo "rutile needs these Debian packages (or their like on your system): $*" >&2
echo "install them as root with: apt-get install $*" >&2
exit 1
