# The few functions with which every folder declares its targets.
include(GNUInstallDirs)
enable_testing()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})  # programs lie at the top: build/release/nightjar

find_program(NIGHTJAR_CCACHE ccache)
if(NIGHTJAR_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${NIGHTJAR_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NIGHTJAR_CCACHE})
endif()

add_library(nightjar_flags INTERFACE)
target_compile_options(nightjar_flags INTERFACE -Wall -Wextra -Wconversion)
if(NIGHTJAR_WERROR)
  target_compile_options(nightjar_flags INTERFACE -Werror)
endif()

# What must hold for every object of a program alike is set for all targets, whether or not they link nightjar_flags.
if(NIGHTJAR_SANITIZE)
  add_compile_options(-fsanitize=${NIGHTJAR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NIGHTJAR_SANITIZE})
endif()
if(NIGHTJAR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(NIGHTJAR_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Fat objects: the installed archives must also serve a linker that knows nothing of this compiler's format.
  add_compile_options(-flto=auto -ffat-lto-objects)
  add_link_options(-flto=auto -fuse-linker-plugin)
endif()

add_custom_target(libraries)  # all libraries, nothing else
add_custom_target(fuzzers)    # all fuzz targets, nothing else

# nightjar_library(base FREESTANDING SOURCES a.cpp b.cpp LINKS nightjar::x)
# FREESTANDING: no exceptions, no RTTI; such a library also compiles for a microcontroller.
# Every library is installed with its include/ folder, as CMake target and for pkg-config (install.cmake).
function(nightjar_library name)
  cmake_parse_arguments(arg "FREESTANDING" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target nightjar_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(nightjar::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS} $<BUILD_INTERFACE:nightjar_flags>)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(NOT NIGHTJAR_MCU)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  set_property(GLOBAL APPEND PROPERTY NIGHTJAR_LIBRARIES ${name})
  add_dependencies(libraries ${target})
  if(arg_FREESTANDING)
    target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti)
  endif()
endfunction()

# nightjar_test(base_tests SOURCES a.cpp LINKS nightjar::base): one GoogleTest program, one ctest entry per test suite program.
function(nightjar_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT NIGHTJAR_TESTS OR NIGHTJAR_MCU)
    return()
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} nightjar_flags GTest::gtest GTest::gtest_main)
  if(NIGHTJAR_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)  # half the time to compile; what is tested keeps its own flags
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()

# nightjar_fuzz(fuzz_decode SOURCES decode.cpp LINKS nightjar::mqtt CORPUS corpus/decode): a libFuzzer target where clang builds
# it; elsewhere the same file runs its corpus as an ordinary test (test/fuzz_main.cpp supplies main).
function(nightjar_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;LINKS" ${ARGN})
  if(NIGHTJAR_MCU)
    return()
  endif()
  if(NIGHTJAR_FUZZ)
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_LINKS} nightjar_flags)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${name})
    if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})  # whoever runs the target finds its corpus here
      file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${name}.corpus CONTENT ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
    endif()
  elseif(NIGHTJAR_TESTS)
    add_executable(${name} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/test/fuzz_main.cpp)
    target_link_libraries(${name} PRIVATE ${arg_LINKS} nightjar_flags)
    add_test(NAME ${name}_corpus COMMAND ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
    set_tests_properties(${name}_corpus PROPERTIES TIMEOUT 120)
  endif()
endfunction()
