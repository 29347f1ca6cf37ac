//! The files of a release, and the programs that install them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const dist = join(root, "dist");
export const version = /^version = "(.*)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];

/** The Rust target triples that were built, by the names of their processors. */
export const targets = Object.fromEntries(
  process.env.RELEASE_TARGETS.split(" ").map((triple) => [triple.split("-")[0], triple]),
);
/** The processor of this computer, in Rust's names. */
export const here = { x64: "x86_64", arm64: "aarch64" }[process.arch];

const exec = promisify(execFile);

/** Runs a program to its end. Gives what it printed. */
export async function run(file, words, { input, accept = [0], ...options } = {}) {
  const running = exec(file, words, { maxBuffer: 64 << 20, ...options });
  running.child.stdin.on("error", () => {});
  running.child.stdin.end(input);
  return running.then(
    ({ stdout }) => stdout,
    (error) => {
      if (accept.includes(error.code)) {
        return error.stdout;
      }
      throw error;
    },
  );
}

/** The path of a program, or undefined. */
export const find = (name) =>
  process.env.PATH.split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** Unpacks an archive of dist/ into a new directory. */
export async function unpack(resources, name) {
  const directory = await resources.directory();
  await run("tar", ["--extract", "--file", join(dist, name), "--directory", directory]);
  return directory;
}

/** Unpacks a zip of dist/ into a new directory. */
export async function unzip(resources, name) {
  const directory = await resources.directory();
  await run("python3", ["-m", "zipfile", "--extract", join(dist, name), directory]);
  return directory;
}

/** The static program of this computer's processor. */
export async function program(resources, processor = here) {
  const name = `cek-nik-${version}-${targets[processor]}`;
  return join(await unpack(resources, `${name}.tar.gz`), name, "cek-nik");
}

const SALT = "63656b2d6e696b2072656c6561736531";

/**
 * A site that a command has built of made-up numbers: its directory, numbers in its list, and one
 * that is not. The command is a program with its first words. `listed` is another list.
 */
export async function buildSite(resources, [file, ...words], { listed, ...options } = {}) {
  const directory = await resources.directory();
  const command = (input, ...more) =>
    run(file, [...words, ...more], { ...options, cwd: directory, input });
  const text = await command("", "sample", "--count", "21", "--seed", "20");
  const [absent, ...others] = text.trim().split("\n");
  listed ??= others;
  const build = ["build", "--kdf", "sha256", "--accept-enumeration", "--salt", SALT];
  await command(`${listed.join("\n")}\n`, ...build, "--id", "daftar", "--out", "site", "-");
  return { site: join(directory, "site"), absent, listed };
}

/** Whether a command finds a number in a site: true, false, or an error. */
export async function finds([file, ...words], site, nik, options) {
  const input = `${nik}\n`;
  const check = [...words, "check", "--lang", "en", "--stdin", "--site", site];
  const said = await run(file, check, { ...options, input, accept: [0, 1] });
  const [, not] = /\b(not )?in this list\b|\bin the list\b/i.exec(said) ?? assert.fail(said);
  return !not;
}

/** Builds a site and checks against it. Gives the site. */
export async function works(resources, command, options) {
  const built = await buildSite(resources, command, options);
  assert.equal(await finds(command, built.site, built.listed[0], options), true);
  assert.equal(await finds(command, built.site, built.absent, options), false);
  return built;
}
