// tfjs-core alone registers no gradients in Node, and those of Prod and GatherV2 call the chained `reshape`.
// Its registries and its engine live on the global object, so the copies that are bundled here serve every tfjs-core;
// the user's tfjs-core must come first, for whoever comes first makes the engine and its tensor class.
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/reshape";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
