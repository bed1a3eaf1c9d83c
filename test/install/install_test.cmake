# Run by ctest: install, then build and run consumer/ twice. The prefix is moved in between: nothing may point back.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${scratch})
run(${CMAKE_COMMAND} --install ${build} --prefix ${scratch}/first)
file(RENAME ${scratch}/first ${scratch}/prefix)
set(prefix ${scratch}/prefix)

run(${CMAKE_COMMAND} -S ${consumer} -B ${scratch}/cmake -G Ninja -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${CXX})
run(${CMAKE_COMMAND} --build ${scratch}/cmake)
run(${scratch}/cmake/consumer)

set(ENV{PKG_CONFIG_PATH} ${prefix}/${libdir}/pkgconfig)
execute_process(COMMAND pkg-config --cflags --libs nightjar-mqtt OUTPUT_VARIABLE flags
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${CXX} ${consumer}/consumer.cpp -o ${scratch}/by_pkg_config ${flags})
run(${scratch}/by_pkg_config)

# Every library's .pc file must be complete: pkg-config resolves all that it requires.
file(GLOB pcs ${prefix}/${libdir}/pkgconfig/nightjar-*.pc)
foreach(pc IN LISTS pcs)
  cmake_path(GET pc STEM LAST_ONLY module)
  run(pkg-config --cflags --libs ${module})
endforeach()
