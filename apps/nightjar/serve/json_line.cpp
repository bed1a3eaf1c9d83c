// `log_format json`.

#include <nlohmann/json.hpp>

#include "log.hpp"

namespace nightjar::app {
namespace {

using broker::log_config;

const char* name_of(log_config::type what) noexcept {
    switch (what) {
        case log_config::error: return "error";
        case log_config::warning: return "warning";
        case log_config::notice: return "notice";
        case log_config::information: return "information";
        case log_config::subscribe: return "subscribe";
        case log_config::unsubscribe: return "unsubscribe";
        case log_config::debug: return "debug";
        case log_config::websockets: return "websockets";
        case log_config::all: return "all";
    }
    return "";
}

}  // namespace

std::string json_line(std::string_view time, log_config::type what, std::string_view line,
                      const broker::log_subject& about) {
    nlohmann::ordered_json made;
    const auto add = [&](const char* name, std::string_view value) {
        if (!value.empty()) made[name] = std::string(value);
    };
    add("time", time);
    made["type"] = name_of(what);
    made["message"] = std::string(line);
    add("client", about.client);
    add("address", about.address);
    add("listener", about.listener);
    add("reason", about.reason);
    return made.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace nightjar::app
