//! The directory in which run.mjs has installed the package.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const workspace = process.env.CEK_NIK_WORKSPACE;
export const tarball = process.env.CEK_NIK_TARBALL;
export const installed = join(workspace, "node_modules/cek-nik");

/** A bundler or another tool, as a consumer of the package would import it. */
export const tool = createRequire(join(workspace, "package.json"));

/** The package, as Node programs import it. */
export const inNode = () => import(pathToFileURL(join(installed, "node.js")).href);
