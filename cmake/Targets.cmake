# How the project's targets are made: one library a folder, one test program a folder.

# Warnings and sanitizers, for every target of ours.
add_library(conceptune_flags INTERFACE)
target_compile_options(conceptune_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow=local
                                                  -Wnon-virtual-dtor -Woverloaded-virtual)
# char has a sign on x86, and code may rest on it; elsewhere the processor's convention may be the other.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  target_compile_options(conceptune_flags INTERFACE -fsigned-char)
endif()
if(CONCEPTUNE_SANITIZE)
  target_compile_options(conceptune_flags INTERFACE -fsanitize=${CONCEPTUNE_SANITIZE}
                                                    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(conceptune_flags INTERFACE -fsanitize=${CONCEPTUNE_SANITIZE})
endif()

# libtorch as the guest sees it: system headers, so that its warnings are not ours.
if(CONCEPTUNE_TORCH)
  add_library(conceptune_torch INTERFACE)
  target_include_directories(conceptune_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(conceptune_torch INTERFACE ${TORCH_LIBRARIES})
  target_compile_options(conceptune_torch INTERFACE -Wno-pedantic)
endif()

# What the program and the benchmarks do before their libraries start; a sanitizer's own start comes first and forbids
# it.
if(CONCEPTUNE_PROGRAM)
  add_library(conceptune_process_start OBJECT "${PROJECT_SOURCE_DIR}/cli/kept_memory.cpp"
                                              "${PROJECT_SOURCE_DIR}/cli/thread_waiting.cpp")
  target_link_libraries(conceptune_process_start PRIVATE conceptune_flags)
endif()
function(conceptune_program target)
  if(NOT CONCEPTUNE_SANITIZE)
    target_link_libraries(${target} PRIVATE conceptune_process_start)
  endif()
endfunction()

# conceptune_library(NAME SOURCES file... [LINKS target...] [PRIVATE_LINKS target...] [TORCH])
# makes the static library conceptune_NAME from the calling folder. LINKS names what the folder may
# use (docs/architecture.md); TORCH adds libtorch and its precompiled header. The global property CONCEPTUNE_LIBRARIES
# lists all of them.
function(conceptune_library name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target conceptune_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(conceptune::${name} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY CONCEPTUNE_LIBRARIES ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  # Our warnings are nobody else's.
  target_link_libraries(${target} PUBLIC ${ARG_LINKS}
                                  PRIVATE "$<BUILD_INTERFACE:conceptune_flags>" ${ARG_PRIVATE_LINKS})
  if(ARG_TORCH)
    target_link_libraries(${target} PUBLIC conceptune_torch)
    target_precompile_headers(${target} REUSE_FROM conceptune_torch_pch)
  endif()
endfunction()

# Gives a program libtorch and the shared precompiled header.
function(conceptune_use_torch target)
  # Compiled like the libraries: a precompiled header serves only files with the same flags.
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  target_link_libraries(${target} PRIVATE conceptune_torch)
  target_precompile_headers(${target} REUSE_FROM conceptune_torch_pch)
endfunction()

# conceptune_test(NAME SOURCES file... LINKS target... [TORCH] [REFERENCE] [SOAK] [LABELS label...] [TIMEOUT seconds])
# makes the GoogleTest program test_NAME; each of its tests is one ctest. With REFERENCE or SOAK the tests of suites
# named ...Reference or ...Soak, which take long, get the label `reference` or `soak`. The other tests of the names in
# CONCEPTUNE_SANITIZE_QUICK get the label `sanitize_quick`.
function(conceptune_test name)
  cmake_parse_arguments(ARG "TORCH;REFERENCE;SOAK" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(target test_${name})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LINKS} conceptune_test_support conceptune_flags)
  if(ARG_TORCH)
    conceptune_use_torch(${target})
  elseif(CONCEPTUNE_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)  # halves their compile time; what is looked at is the libraries
  endif()
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  foreach(suite IN ITEMS Reference Soak)
    string(TOUPPER ${suite} option)
    string(TOLOWER ${suite} label)
    if(ARG_${option})
      gtest_discover_tests(${target} TEST_PREFIX "${name}." TEST_FILTER "*${suite}.*"
                           TEST_LIST ${target}_${label} DISCOVERY_TIMEOUT 120
                           PROPERTIES TIMEOUT 3000 LABELS "${label};${ARG_LABELS}")
      list(APPEND long_suites "*${suite}.*")
    endif()
  endforeach()
  if(name IN_LIST CONCEPTUNE_SANITIZE_QUICK)
    list(APPEND ARG_LABELS sanitize_quick)
  endif()
  list(JOIN long_suites ":" long_suites)
  gtest_discover_tests(${target} TEST_PREFIX "${name}." TEST_FILTER "-${long_suites}" DISCOVERY_TIMEOUT 120
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# conceptune_bench(NAME SOURCES file... LINKS target... [TORCH])
# makes the program build/bench_NAME, which checks its results before it times anything.
function(conceptune_bench name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;LINKS" ${ARGN})
  set(target bench_${name})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LINKS} conceptune_flags)
  conceptune_program(${target})
  if(ARG_TORCH)
    conceptune_use_torch(${target})
  endif()
endfunction()
