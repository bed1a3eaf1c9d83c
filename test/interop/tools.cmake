# nightjar pub, sub and rr beside mosquitto_pub, _sub and _rr, at Mosquitto's broker and at ours.
foreach(broker IN ITEMS mosquitto epoll io_uring)
  set(name interop_tools_${broker})
  add_test(NAME ${name} COMMAND ${NIGHTJAR_SYSTEM_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/tools_against_mosquitto.py)
  set(environment NIGHTJAR=$<TARGET_FILE:nightjar> NIGHTJAR_TOOLS_BROKER=${broker} PYTHONDONTWRITEBYTECODE=1)
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}" LABELS interop TIMEOUT 300)
endforeach()
