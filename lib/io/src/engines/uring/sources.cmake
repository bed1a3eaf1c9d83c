# What the io_uring engine is made of, relative to lib/io.
set(io_uring_sources
  src/engines/uring/attempt.cpp
  src/engines/uring/buffers.cpp
  src/engines/uring/core.cpp
  src/engines/uring/engine.cpp
  src/engines/uring/files.cpp
  src/engines/uring/listener.cpp
  src/engines/uring/ring.cpp
  src/engines/uring/setup.cpp
  src/engines/uring/stream.cpp
  src/engines/uring/stream_receive.cpp
  src/engines/uring/watch.cpp)
