#pragma once
// Paho C's list of properties, freed by itself.

#include <MQTTProperties.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nightjar::interop {

/// What MQTTProperties_getNumericValue gives for a property that is not there.
inline constexpr int absent = -9999999;

class properties {
public:
    properties() = default;
    ~properties() { MQTTProperties_free(&list_); }
    properties(const properties& other) : list_(MQTTProperties_copy(&other.list_)) {}
    explicit properties(const MQTTProperties& other) : list_(MQTTProperties_copy(&other)) {}
    properties& operator=(const properties&) = delete;

    properties& number(MQTTPropertyCodes id, unsigned value) {
        MQTTProperty one{};
        one.identifier = id;
        switch (MQTTProperty_getType(id)) {
            case MQTTPROPERTY_TYPE_BYTE: one.value.byte = static_cast<unsigned char>(value); break;
            case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER:
                one.value.integer2 = static_cast<unsigned short>(value);
                break;
            default: one.value.integer4 = value;
        }
        MQTTProperties_add(&list_, &one);
        return *this;
    }
    properties& text(MQTTPropertyCodes id, std::string first, std::string second = {}) {
        MQTTProperty one{};
        one.identifier = id;
        one.value.data = {static_cast<int>(first.size()), first.data()};
        one.value.value = {static_cast<int>(second.size()), second.data()};
        MQTTProperties_add(&list_, &one);
        return *this;
    }

    int number(MQTTPropertyCodes id) { return MQTTProperties_getNumericValue(&list_, id); }
    std::string text(MQTTPropertyCodes id) {
        const MQTTProperty* found = MQTTProperties_getProperty(&list_, id);
        return found ? as_string(found->value.data) : std::string();
    }
    std::vector<std::pair<std::string, std::string>> user() {
        std::vector<std::pair<std::string, std::string>> all;
        const int count = MQTTProperties_propertyCount(&list_, MQTTPROPERTY_CODE_USER_PROPERTY);
        for (int n = 0; n < count; ++n) {
            const auto* one =
                MQTTProperties_getPropertyAt(&list_, MQTTPROPERTY_CODE_USER_PROPERTY, n);
            all.emplace_back(as_string(one->value.data), as_string(one->value.value));
        }
        return all;
    }
    std::vector<int> numbers(MQTTPropertyCodes id) {
        std::vector<int> all;
        for (int n = 0; n < MQTTProperties_propertyCount(&list_, id); ++n)
            all.push_back(MQTTProperties_getNumericValueAt(&list_, id, n));
        return all;
    }
    MQTTProperties* raw() { return &list_; }

private:
    static std::string as_string(const MQTTLenString& from) {
        return {from.data, static_cast<std::size_t>(from.len)};
    }

    MQTTProperties list_ = MQTTProperties_initializer;
};

}  // namespace nightjar::interop
