# Every outside library that the library needs. It is found here when conceptune is built, and by the same file, installed,
# when another project finds conceptune. docs/dependencies.md gives the reason for each.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # whoever takes this project in by add_subdirectory() links them too
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET GLOBAL libzstd)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET GLOBAL simdjson)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET GLOBAL sqlite3)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET GLOBAL libpcre2-8)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET GLOBAL libutf8proc)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET GLOBAL tomlplusplus)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET GLOBAL libcurl)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET GLOBAL libarchive)

# conceptune_find_library(TARGET VARIABLE NAMES name...) makes a target of a library that comes without CMake's or
# pkg-config's files.
function(conceptune_find_library target variable)
  find_library(${variable} ${ARGN} REQUIRED)
  if(NOT TARGET ${target})
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${variable}}")
  endif()
endfunction()
# The interface alone: which BLAS runs is the system's choice (libblas.so.3).
conceptune_find_library(conceptune_outside::blas CONCEPTUNE_BLAS NAMES libblas.so.3 blas)
conceptune_find_library(conceptune_outside::gloo CONCEPTUNE_GLOO NAMES gloo)
if(NOT CONCEPTUNE_WITHOUT_ONEDNN)
  conceptune_find_library(conceptune_outside::onednn CONCEPTUNE_ONEDNN NAMES dnnl)
endif()
