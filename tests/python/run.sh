#!/usr/bin/env bash
# Runs the Python package's tests with pytest. usage: run.sh PYTHON PACKAGE ENVIRONMENT
set -euo pipefail
python=$1 package=$2 environment=$3
packages=('pandas>=1.5' 'zstandard>=0.19' 'pytest>=7' 'nbclient>=0.8' 'ipykernel>=6' 'matplotlib>=3.5')
if [[ $(cat "$environment/complete" 2>/dev/null) != "${packages[*]}" ]]; then
  "$python" -m venv --clear "$environment"
  "$environment/bin/pip" install -q "${packages[@]}"
  echo "${packages[*]}" >"$environment/complete"
fi
PYTHONPATH=$package/src PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" -m pytest -q -p no:cacheprovider "$package/tests"
