export { type BuildOutcome, buildAddon } from "./build-addon";
export { type NativeOptions, nativeInfo, registerNative, takeFallbacks } from "./register-native";
export { version } from "./version";
