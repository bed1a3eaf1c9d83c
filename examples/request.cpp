// Asks a question and prints the answer:  request HOST TOPIC TEXT
// Answers all questions with what they said:  request HOST TOPIC
#include <nightjar/client/client.hpp>

#include <cstdio>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 3 && count != 4)
        return std::fputs("usage: request HOST TOPIC [TEXT]\n", stderr), 2;
    io::loop loop;
    client::client mqtt(loop);
    int code = 1;

    client::options how;
    how.host = arguments[1];
    client::callbacks on;
    on.on_message = [&](const mqtt::publish& question) {
        static_cast<void>(mqtt.respond(question, as_text(question.payload)));
    };
    on.on_subscribed = [](client::ticket, const mqtt::suback&) {
        std::puts("ready");
        std::fflush(stdout);
    };
    on.on_disconnected = [&](const client::ending& why) {
        if (why.again_in == duration::zero()) loop.stop();
    };

    if (count == 3) {
        if (!mqtt.subscribe(arguments[2], mqtt::qos::at_least_once)) return 1;
    } else {
        // [snippet request]
        mqtt::publish question;
        question.topic = arguments[2];
        question.payload = as_bytes(std::string_view(arguments[3]));
        question.level = mqtt::qos::at_least_once;
        const auto asked = mqtt.request(question, 5s, [&](result<mqtt::publish> answer) {
            const auto text = answer ? as_text(answer->payload) : describe(answer.error().what);
            std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
            code = answer ? 0 : 1;
            mqtt.disconnect();
        });
        // [end]
        if (!asked) return 1;
    }
    if (!mqtt.connect(how, on)) return 1;
    loop.run();
    return code;
}
