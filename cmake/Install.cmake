# cmake --install: the program, and the library with its public headers and CMake package. Each is a component, so that
# one can be had without the other.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY CONCEPTUNE_LIBRARIES)
add_custom_target(installable DEPENDS ${libraries})  # all that is installed, and nothing else

if(CONCEPTUNE_PROGRAM)
  add_dependencies(installable conceptune reference)
  install(TARGETS conceptune RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/configs" DESTINATION ${CMAKE_INSTALL_DATADIR}/conceptune COMPONENT program)
  # The pages lie as they do here, with all that they link to (ctest -R install.pages).
  set(pages ${CMAKE_INSTALL_DATADIR}/doc/conceptune)
  foreach(page IN ITEMS README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff bench/README.md)
    cmake_path(GET page PARENT_PATH folder)
    install(FILES "${PROJECT_SOURCE_DIR}/${page}" DESTINATION "${pages}/${folder}" COMPONENT program)
  endforeach()
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs" "${PROJECT_SOURCE_DIR}/examples" DESTINATION ${pages} COMPONENT program
          PATTERN "CMakeLists.txt" EXCLUDE)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/python" DESTINATION ${pages} COMPONENT program
          PATTERN "tests" EXCLUDE PATTERN "__pycache__" EXCLUDE PATTERN "*.egg-info" EXCLUDE)
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/package")
  file(CREATE_LINK ../../conceptune/configs "${PROJECT_BINARY_DIR}/package/configs" SYMBOLIC)
  install(FILES "${PROJECT_BINARY_DIR}/package/configs" DESTINATION ${pages} COMPONENT program)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/conceptune RENAME copyright
          COMPONENT program)
  # What cli/write_reference.cpp makes.
  install(DIRECTORY "${CONCEPTUNE_REFERENCE_DIR}/man/" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES "${CONCEPTUNE_REFERENCE_DIR}/completions/conceptune"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
  install(FILES "${CONCEPTUNE_REFERENCE_DIR}/completions/_conceptune"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT program)
  install(FILES "${CONCEPTUNE_REFERENCE_DIR}/completions/conceptune.fish"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
endif()

if(CONCEPTUNE_TORCH)
  # Whoever links the library would need the same libtorch at the same place.
  message(STATUS "conceptune: with libtorch built in, the program alone is installed")
  return()
endif()

set(CONCEPTUNE_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/conceptune)
install(TARGETS ${libraries} conceptune_umbrella EXPORT conceptune
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/conceptune COMPONENT library
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT conceptune NAMESPACE conceptune:: DESTINATION ${CONCEPTUNE_PACKAGE_DIR} FILE conceptuneTargets.cmake
        COMPONENT library)

# The public headers, and no others. ctest -R layout holds the list closed under inclusion.
file(STRINGS "${PROJECT_SOURCE_DIR}/cmake/public_headers.txt" headers REGEX "^[^#]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/public_headers.txt")
foreach(header IN LISTS headers)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES "${PROJECT_SOURCE_DIR}/${header}" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder} COMPONENT library)
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/conceptuneConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/package/conceptuneConfig.cmake"
                              INSTALL_DESTINATION ${CONCEPTUNE_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change what it likes.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/conceptuneConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/package/conceptuneConfig.cmake"
              "${PROJECT_BINARY_DIR}/package/conceptuneConfigVersion.cmake"
        DESTINATION ${CONCEPTUNE_PACKAGE_DIR} COMPONENT library)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/LibraryDependencies.cmake" DESTINATION ${CONCEPTUNE_PACKAGE_DIR}
        RENAME conceptuneDependencies.cmake COMPONENT library)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libconceptune-dev
        RENAME copyright COMPONENT library)
