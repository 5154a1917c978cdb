# Lets find_package(Torch) find the libtorch inside a Python package (CONCEPTUNE_TORCH), and programs the
# libraries of the nvidia-* packages beside it.
list(PREPEND CMAKE_PREFIX_PATH "${CONCEPTUNE_TORCH}")
# Named outright: TorchConfig.cmake would take the system's where both are installed.
set(TORCH_LIBRARY "${CONCEPTUNE_TORCH}/lib/libtorch.so" CACHE FILEPATH "libtorch.so of CONCEPTUNE_TORCH")
file(GLOB CONCEPTUNE_NVIDIA_LIBRARIES "${CONCEPTUNE_TORCH}/../nvidia/*/lib")
list(APPEND CMAKE_BUILD_RPATH "${CONCEPTUNE_TORCH}/lib" ${CONCEPTUNE_NVIDIA_LIBRARIES})
foreach(folder IN LISTS CONCEPTUNE_NVIDIA_LIBRARIES)
  # Before the toolkit's: the package was linked against these.
  add_link_options("LINKER:-rpath-link,${folder}")
endforeach()
file(GLOB CONCEPTUNE_NCCL_HEADERS "${CONCEPTUNE_TORCH}/../nvidia/nccl/include")
include_directories(SYSTEM ${CONCEPTUNE_NCCL_HEADERS})

# The package brings headers of another fmt, without its library.
find_path(CONCEPTUNE_FMT_HEADERS fmt/format.h PATHS /usr/include NO_DEFAULT_PATH REQUIRED)
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/headers")
file(CREATE_LINK "${CONCEPTUNE_FMT_HEADERS}/fmt" "${PROJECT_BINARY_DIR}/headers/fmt" SYMBOLIC)
include_directories(BEFORE SYSTEM "${PROJECT_BINARY_DIR}/headers")
