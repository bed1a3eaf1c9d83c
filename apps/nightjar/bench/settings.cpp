#include "settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "../common/number_text.hpp"

namespace nightjar::app::benchmark {
namespace {

std::string_view version_of(const options& how) {
    if (how.version == mqtt::version::v5) return "5";
    return how.version == mqtt::version::v3_1 ? "3.1" : "3.1.1";
}

bool has_messages(const options& how) {
    return how.what != scenario::connect && how.what != scenario::subscribe &&
           how.what != scenario::idle;
}

std::uint64_t subscribers_of(const options& how) {
    if (how.what == scenario::wildcards) return how.subscribers;
    return how.what == scenario::fanin ? 1 : std::uint64_t{how.groups} * how.subscribers;
}

bool has_subscriptions(const options& how) {
    return how.what == scenario::wildcards || how.what == scenario::background;
}

std::string count_of(std::uint64_t count, std::string_view one) {
    return fmt::format("{} {}{}", grouped(static_cast<double>(count)), one, count == 1 ? "" : "s");
}

}  // namespace

nlohmann::ordered_json settings_of(const options& how) {
    nlohmann::ordered_json made{{"broker", how.broker.text()},
                                {"protocol_version", version_of(how)}};
    if (has_messages(how)) {
        made["publishers"] = how.groups;
        made["subscribers"] = subscribers_of(how);
        made["size"] = how.payload_size;
    } else {
        made["clients"] = how.connections;
    }
    if (has_subscriptions(how)) made["subscriptions"] = how.subscriptions;
    if (how.what == scenario::wildcards) made["topics"] = how.topics;
    if (how.what != scenario::connect && how.what != scenario::idle)
        made["qos"] = static_cast<int>(how.level);
    if (how.rate > 0) {
        made["rate"] = how.rate;
        made["spin"] = how.spin;
    } else if (has_messages(how) || how.what == scenario::subscribe) {
        made["inflight"] = how.inflight;
    }
    if (how.what == scenario::idle) return made;
    made["warmup"] = how.warmup_s;
    if (how.messages != 0) {
        made["messages"] = how.messages;
    } else {
        made["seconds"] = how.seconds;
    }
    return made;
}

std::string sentence_of(const options& how) {
    std::vector<std::string> parts;
    if (has_messages(how)) {
        parts.push_back(count_of(how.groups, "publisher"));
        parts.push_back(count_of(subscribers_of(how), "subscriber"));
    } else {
        parts.push_back(count_of(how.connections, "client"));
    }
    if (has_subscriptions(how)) parts.push_back(count_of(how.subscriptions, "subscription"));
    if (how.what != scenario::connect && how.what != scenario::idle)
        parts.push_back(fmt::format("QoS {}", static_cast<int>(how.level)));
    if (has_messages(how)) parts.push_back(count_of(how.payload_size, "byte"));
    parts.push_back(fmt::format("MQTT {}", version_of(how)));
    if (how.rate > 0) {
        parts.push_back(fmt::format("{} messages/s", grouped(how.rate)));
    } else if (has_messages(how) || how.what == scenario::subscribe) {
        parts.push_back(fmt::format("{} under way each", grouped(how.inflight)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace nightjar::app::benchmark
