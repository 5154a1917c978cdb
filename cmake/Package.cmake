# cpack (make package): Debian packages of the program, and of the library for those who build on it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME conceptune)
set(CPACK_PACKAGE_CONTACT "The conceptune authors <authors@conceptune.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME conceptune)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# The linked name is libblas.so.3's; the reference BLAS, which has it too, is some 70 times slower.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "libopenblas0-pthread | libopenblas0")
# What a first look needs: certificates and pip to fetch, gnuplot for figures, synonyms.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "ca-certificates, gnuplot-nox, python3-pip, wordnet-base")

if(NOT CONCEPTUNE_TORCH)
  list(APPEND CPACK_COMPONENTS_ALL library)
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libconceptune-dev)
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
  # What conceptuneDependencies.cmake looks for.
  set(library_packages
      g++ pkg-config libopenblas0-pthread libdnnl-dev libgloo-dev libfmt-dev nlohmann-json3-dev libsimdjson-dev
      libtomlplusplus-dev libssl-dev zlib1g-dev libzstd-dev libarchive-dev libsqlite3-dev libpcre2-dev libutf8proc-dev
      libcurl4-openssl-dev)
  list(JOIN library_packages ", " CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS)
endif()
include(CPack)
