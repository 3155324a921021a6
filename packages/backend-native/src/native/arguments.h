#pragma once
#include <node_api.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace lad {

using Index = int64_t;

/** No array has more elements. */
constexpr Index most = Index(1) << 33;

/** A product of sizes in [0, most]; beyond `most` it is some number that no array has elements for. */
inline Index product(Index a, Index b) { return a > 0 && b > most / a ? most + 1 : a * b; }
inline Index product(Index a, Index b, Index c) { return product(product(a, b), c); }

/** The arguments of a call from JavaScript. Every access checks type and length and throws, so that no caller can reach foreign memory. */
class Arguments {
 public:
  napi_env env;
  napi_value result = nullptr;

  Arguments(napi_env environment, napi_callback_info info) : env(environment) {
    napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr);
    if (count_ > limit) count_ = limit;
  }

  size_t count() const { return count_; }
  napi_value value(size_t i) const { return values_[i]; }

  bool missing(size_t i) const {
    napi_valuetype type = napi_undefined;
    if (i < count_) napi_typeof(env, values_[i], &type);
    return type == napi_undefined || type == napi_null;
  }

  /** A Float32Array of at least `least` elements. */
  float* floats(size_t i, Index least, Index* length = nullptr) const {
    return static_cast<float*>(checked(i, napi_float32_array, "Float32Array", least, length));
  }
  float* optionalFloats(size_t i, Index least) const { return missing(i) ? nullptr : floats(i, least); }
  int32_t* integers(size_t i, Index least, Index* length = nullptr) const {
    return static_cast<int32_t*>(checked(i, napi_int32_array, "Int32Array", least, length));
  }
  uint8_t* bytes(size_t i, Index least, Index* length = nullptr) const {
    return static_cast<uint8_t*>(checked(i, napi_uint8_array, "Uint8Array", least, length));
  }

  /** The typed array of a C++ type: floats, integers or bytes. */
  template <class T>
  T* array(size_t i, Index least, Index* length = nullptr) const {
    if constexpr (sizeof(T) == 1) return bytes(i, least, length);
    else if constexpr (std::is_same_v<T, float>) return floats(i, least, length);
    else return integers(i, least, length);
  }

  /** Any typed array of 1 or 4 bytes an element; `width` receives which. */
  void* any(size_t i, Index* length, size_t* width) const {
    napi_typedarray_type type;
    size_t size = 0;
    void* data = nullptr;
    if (i >= count_ || napi_get_typedarray_info(env, values_[i], &type, &size, &data, nullptr, nullptr) != napi_ok)
      refuse(i, "a typed array");
    *width = type == napi_float32_array || type == napi_int32_array ? 4 : type == napi_uint8_array ? 1 : 0;
    if (*width == 0) refuse(i, "a Float32Array, Int32Array or Uint8Array");
    *length = static_cast<Index>(size);
    return data;
  }

  double number(size_t i) const {
    double number = 0;
    if (i >= count_ || napi_get_value_double(env, values_[i], &number) != napi_ok) refuse(i, "a number");
    return number;
  }

  /** A whole number in [least, most]. */
  Index whole(size_t i, Index least = 0, Index greatest = Index(1) << 40) const {
    const double given = number(i);
    if (!(given >= double(least) && given <= double(greatest)) || given != double(Index(given)))
      refuse(i, "a whole number in [" + std::to_string(least) + ", " + std::to_string(greatest) + "]");
    return Index(given);
  }

  void returnNumber(double number) { napi_create_double(env, number, &result); }
  void returnText(const std::string& text) { napi_create_string_utf8(env, text.c_str(), text.size(), &result); }

  [[noreturn]] void refuse(size_t i, const std::string& wanted) const {
    throw std::invalid_argument("argument " + std::to_string(i) + " must be " + wanted);
  }

 private:
  static constexpr size_t limit = 24;
  napi_value values_[limit];
  size_t count_ = limit;

  void* checked(size_t i, napi_typedarray_type wanted, const char* name, Index least, Index* length) const {
    napi_typedarray_type type;
    size_t size = 0;
    void* data = nullptr;
    if (i >= count_ || napi_get_typedarray_info(env, values_[i], &type, &size, &data, nullptr, nullptr) != napi_ok ||
        type != wanted)
      refuse(i, std::string("a ") + name);
    if (least < 0 || static_cast<Index>(size) < least)
      refuse(i, std::string("a ") + name + " of at least " + std::to_string(least) + " elements, it has " +
                    std::to_string(size));
    if (length) *length = static_cast<Index>(size);
    return data;
  }
};

using Body = void (*)(Arguments&);

/** What JavaScript calls: C++ exceptions become JavaScript errors. */
template <Body body>
napi_value entry(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    body(arguments);
    return arguments.result;
  } catch (const std::exception& error) {
    napi_throw_error(env, "ENGINE", error.what());
    return nullptr;
  }
}

/** The add-on's exports while they are being filled. */
struct Module {
  napi_env env;
  napi_value exports;

  template <Body body>
  void add(const char* name) {
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, entry<body>, nullptr, &function) == napi_ok)
      napi_set_named_property(env, exports, name, function);
  }
};

}  // namespace lad
