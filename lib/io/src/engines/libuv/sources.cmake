# What the libuv engine is made of, relative to lib/io.
set(libuv_sources
  src/engines/libuv/engine.cpp
  src/engines/libuv/home.cpp
  src/engines/libuv/poller.cpp)
