# conceptune::conceptune, the whole library as one target.
get_property(libraries GLOBAL PROPERTY CONCEPTUNE_LIBRARIES)
add_library(conceptune_umbrella INTERFACE)
add_library(conceptune::conceptune ALIAS conceptune_umbrella)
set_target_properties(conceptune_umbrella PROPERTIES EXPORT_NAME conceptune)
target_link_libraries(conceptune_umbrella INTERFACE ${libraries})
