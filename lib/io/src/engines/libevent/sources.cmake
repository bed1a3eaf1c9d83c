# What the libevent engine is made of, relative to lib/io.
set(libevent_sources
  src/engines/libevent/engine.cpp
  src/engines/libevent/home.cpp
  src/engines/libevent/poller.cpp)
