# Every outside library and tool, found once. docs/dependencies.md gives the reason for each.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are only cached with these allowances (ccache manual, "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE_PROGRAM})
endif()

set(CONCEPTUNE_TORCH OFF CACHE STRING
    "libtorch as a guest: OFF, ON (the system's), or the folder of a Python package torch, e.g. one with CUDA")
if(IS_DIRECTORY "${CONCEPTUNE_TORCH}")
  include(TorchPackage)
  # A Python package's libtorch carries a oneDNN of its own and exports parts of it (instances of std::call_once) under
  # the same names: beside it the library would run those parts and fail, so products are left to BLAS there.
  set(CONCEPTUNE_WITHOUT_ONEDNN ON)
endif()
if(CONCEPTUNE_TORCH)
  find_package(Torch REQUIRED)
endif()
include(LibraryDependencies)
if(CONCEPTUNE_PROGRAM)
  find_package(CLI11 REQUIRED)
endif()
if(CONCEPTUNE_DEVELOPER_MODE)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
endif()
