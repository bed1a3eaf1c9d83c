# nightjar pub and sub beside mosquitto_pub and mosquitto_sub.
add_test(NAME interop_tools
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tools_against_mosquitto.py $<TARGET_FILE:nightjar>)
set_tests_properties(interop_tools PROPERTIES ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1" LABELS interop TIMEOUT 300)
