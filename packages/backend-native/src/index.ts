export { type NativeOptions, nativeInfo, registerNative, takeFallbacks } from "./register-native";
export { version } from "./version";
