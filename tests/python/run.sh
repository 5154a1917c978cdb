#!/usr/bin/env bash
# Runs the Python package's tests with pytest. usage: run.sh PYTHON PACKAGE ENVIRONMENT
set -euo pipefail
python=$1 package=$2 environment=$3
if [[ ! -e $environment/complete ]]; then
  "$python" -m venv --clear "$environment"
  "$environment/bin/pip" install -q 'pandas>=1.5' 'zstandard>=0.19' 'pytest>=7'
  touch "$environment/complete"
fi
PYTHONPATH=$package/src PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" -m pytest -q -p no:cacheprovider "$package/tests"
