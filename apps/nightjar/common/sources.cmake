# What the groups that measure share; each of them lists it among its own.
set(nightjar_common_sources
  common/histogram.cpp
  common/number_text.cpp
  common/page_parts.cpp
  common/plot.cpp
  common/process_figures.cpp
  common/progress.cpp)
