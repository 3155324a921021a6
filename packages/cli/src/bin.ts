#!/usr/bin/env node
import { lad } from "./lad";

process.exitCode = await lad(process.argv.slice(2));
