# Every outside library, found once. docs/dependencies.md gives the reason for each.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are only cached with these allowances (ccache manual, "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE_PROGRAM})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
set(CONCEPTUNE_TORCH OFF CACHE STRING
    "libtorch as a guest: OFF, ON (the system's), or the folder of a Python package torch, e.g. one with CUDA")
if(IS_DIRECTORY "${CONCEPTUNE_TORCH}")
  include(TorchPackage)
endif()
if(CONCEPTUNE_TORCH)
  find_package(Torch REQUIRED)
endif()
find_package(OpenMP REQUIRED COMPONENTS CXX)
# The interface alone: which BLAS runs is the system's choice (libblas.so.3).
find_library(CONCEPTUNE_BLAS NAMES libblas.so.3 blas REQUIRED)
# A Python package's libtorch carries a oneDNN of its own and exports parts of it (instances of std::call_once) under the
# same names: beside it the library would run those parts and fail, so products are left to BLAS there.
if(IS_DIRECTORY "${CONCEPTUNE_TORCH}")
  unset(CONCEPTUNE_ONEDNN CACHE)
else()
  find_library(CONCEPTUNE_ONEDNN NAMES dnnl REQUIRED)
endif()
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
find_library(CONCEPTUNE_GLOO NAMES gloo REQUIRED)
if(CONCEPTUNE_DEVELOPER_MODE)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
endif()
