//! Installs each file of a release as its users do, and uses it once.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";

import { openBrowser } from "../browser/support/browser.mjs";
import { serve } from "../browser/support/command.mjs";
import { enter, openPublisher, page } from "../browser/support/embedding.mjs";
import { Resources } from "../browser/support/resources.mjs";
import { Widget } from "../browser/support/widget.mjs";
import { buildSite, dist, find, here, program, root } from "./support.mjs";
import { run, targets, unpack, unzip, version, works } from "./support.mjs";

const resources = new Resources();
after(() => resources.close());

const files = await readdir(dist);
const only = (pattern) => {
  const found = files.filter((file) => pattern.test(file));
  assert.equal(found.length, 1, `${pattern}: ${found}`);
  return found[0];
};
/** Without a PATH, and without anything else of this computer. */
const bare = { env: {} };
// Users of Debian have it on PATH only as root.
process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const DEBIAN = { x86_64: "amd64", aarch64: "arm64" };

test("SHA256SUMS has every file", async () => {
  await run("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: dist });
  const text = await readFile(join(dist, "SHA256SUMS"), "utf8");
  const named = text
    .trim()
    .split("\n")
    .map((line) => line.slice(66));
  assert.deepEqual([...named, "SHA256SUMS"].sort(), files.sort());
  // Five for every computer, and three for each processor.
  assert.equal(named.length, 5 + 3 * Object.keys(targets).length);
});

test("no file has a path of the computer that built it", async () => {
  const UNPACK = [
    [/\.(zip|whl)$/, unzip],
    [/gz$/, unpack],
    [/\.deb$/, extractDeb],
  ];
  const paths = [root.slice(0, -1), `${homedir()}/.`, ".cargo/registry"];
  for (const file of files) {
    const open = UNPACK.find(([ending]) => ending.test(file))?.[1];
    const directory = open ? await open(resources, file) : dist;
    const inside = open ? await readdir(directory, { recursive: true }) : [file];
    for (const name of inside) {
      const bytes = await readFile(join(directory, name)).catch(() => Buffer.of());
      for (const path of paths) {
        assert.equal(bytes.includes(path), false, `${file}: ${name}: ${path}`);
      }
    }
  }
});

async function extractDeb(resources, file) {
  const prefix = await resources.directory();
  await run("dpkg-deb", ["--extract", join(dist, file), prefix]);
  return prefix;
}

/** Whether a 64-bit program needs the dynamic linker of the computer. */
function hasInterpreter(elf) {
  assert.equal(elf.subarray(0, 5).toString("latin1"), "\x7fELF\x02");
  const [table, size, count] = [
    elf.readBigUInt64LE(32),
    elf.readUInt16LE(54),
    elf.readUInt16LE(56),
  ];
  const types = Array.from({ length: count }, (_, i) => elf.readUInt32LE(Number(table) + i * size));
  return types.includes(PT_INTERP);
}
const PT_INTERP = 3;

for (const [processor, triple] of Object.entries(targets)) {
  describe(processor, () => {
    const name = `cek-nik-${version}-${triple}`;
    const emulator = processor === here ? undefined : find(`qemu-${processor}`);
    const skip = processor !== here && !emulator && `qemu-${processor} is not installed`;
    const command = (path) => [emulator, path].filter(Boolean);

    test("the program is static, beside its manuals", async () => {
      const directory = join(await unpack(resources, `${name}.tar.gz`), name);
      assert.equal(hasInterpreter(await readFile(join(directory, "cek-nik"))), false);
      const beside = await readdir(directory);
      const documents = ["LICENSE-APACHE", "LICENSE-MIT", "completions", "man"];
      assert.deepEqual(beside.sort(), [...documents.slice(0, 2), "cek-nik", ...documents.slice(2)]);
    });

    test("the program works without a PATH", { skip }, async () => {
      const directory = await unpack(resources, `${name}.tar.gz`);
      await works(resources, command(join(directory, name, "cek-nik")), bare);
    });

    test("the Debian package works where it is unpacked", { skip }, async () => {
      const deb = join(dist, only(new RegExp(`^cek-nik_${version}-1_${DEBIAN[processor]}.deb$`)));
      const field = async (name) => (await run("dpkg-deb", ["--field", deb, name])).trim();
      assert.equal(await field("Package"), "cek-nik");
      assert.equal(await field("Architecture"), DEBIAN[processor]);
      assert.equal(await field("Depends"), "");
      const prefix = await extractDeb(resources, basename(deb));
      await works(resources, command(join(prefix, "usr/bin/cek-nik")), bare);
      const below = await readdir(join(prefix, "usr/share"), { recursive: true });
      for (const path of [
        "man/man1/cek-nik-build.1.gz",
        "bash-completion/completions/cek-nik",
        "fish/vendor_completions.d/cek-nik.fish",
        "zsh/vendor-completions/_cek-nik",
        "doc/cek-nik/copyright",
      ]) {
        assert.ok(below.includes(path), `${path}: ${below}`);
      }
    });

    test("the wheel installs on any Linux", async () => {
      const wheel = only(new RegExp(`^cek_nik-.*_${processor}\\.whl$`));
      assert.match(
        wheel,
        /-py3-none-manylinux2014_\w+\.manylinux_2_17_\w+\.musllinux_1_1_\w+\.whl$/,
      );
    });
  });
}

test("the wheel works in a fresh virtual environment", async () => {
  const python = await resources.directory();
  await run("python3", ["-m", "venv", python]);
  const wheel = join(dist, only(new RegExp(`^cek_nik-${version}-.*_${here}\\.whl$`)));
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-index"];
  await run(join(python, "bin/pip"), ["install", ...quiet, wheel]);
  await works(resources, [join(python, "bin/cek-nik")], bare);
});

test("the npm package works in a fresh folder", async () => {
  const { site, listed, absent } = await buildSite(resources, [await program(resources)]);
  const directory = await resources.directory();
  await writeFile(join(directory, "package.json"), '{ "private": true, "type": "module" }');
  const tarball = join(dist, `cek-nik-npm-${version}.tgz`);
  const quiet = ["--silent", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quiet, tarball], { cwd: directory });
  await writeFile(
    join(directory, "check.js"),
    `import { createChecker } from "cek-nik";
const [address, ...niks] = process.argv.slice(2);
const checker = createChecker(address);
for (const nik of niks) {
  const { answers } = await checker.check(nik);
  console.log(answers.map(({ outcome }) => outcome).join());
}
`,
  );
  const host = await serve(site, resources);
  const words = ["check.js", `${host}catalogue.json`, listed[0], absent];
  assert.equal(await run(process.execPath, words, { cwd: directory }), "member\nnon_member\n");
});

test("the widget is that of a site, and works beside the lists of one", async () => {
  const { site, listed } = await buildSite(resources, [await program(resources)]);
  const widget = await unzip(resources, `cek-nik-widget-${version}.zip`);
  const names = (await readdir(widget)).filter((name) => !name.startsWith("LICENSE-"));
  assert.ok(names.includes("cek-nik.html") && names.includes("embed.js"), `${names}`);
  for (const name of names) {
    assert.deepEqual(await readFile(join(widget, name)), await readFile(join(site, name)), name);
  }
  await run("cp", ["-r", join(site, "data"), join(site, "catalogue.json"), widget]);
  const host = await serve(widget, resources);
  const driver = await openBrowser(resources);
  const article = page(`<script src="${host}embed.js" async></script><cek-nik></cek-nik>`);
  await driver.get(await openPublisher(resources, { "/": article }));
  await enter(driver);
  const frame = new Widget(driver);
  await frame.ready();
  const { articles } = await frame.check(listed[0]);
  assert.deepEqual(
    articles.map(({ outcome }) => outcome),
    ["member"],
  );
});

test("the WordPress plugin is one directory, as WordPress takes it", async () => {
  const directory = await unzip(resources, `cek-nik-wordpress-${version}.zip`);
  assert.deepEqual(await readdir(directory), ["cek-nik"]);
  const plugin = await readFile(join(directory, "cek-nik/cek-nik.php"), "utf8");
  assert.equal(plugin, await readFile(join(root, "contrib/wordpress/cek-nik.php"), "utf8"));
  assert.equal(/^ \* Version: (.*)$/m.exec(plugin)?.[1], version);
});

test("completions load, and every command has a manual page", async () => {
  const name = `cek-nik-manuals-${version}`;
  const directory = join(await unpack(resources, `${name}.tar.gz`), name);
  const completions = join(directory, "completions");
  const bash = `source ${completions}/cek-nik.bash && complete -p cek-nik`;
  assert.match(await run("bash", ["--norc", "-euc", bash]), /-F _cek__nik cek-nik/);
  const fish = `source ${completions}/cek-nik.fish; complete -C "cek-nik ver"`;
  assert.match(await run("fish", ["--no-config", "-c", fish]), /^verify\t/m);
  const load = "autoload -Uz compinit; compinit -D -u";
  const zsh = `${load}; source ${completions}/_cek-nik; echo $_comps[cek-nik]`;
  assert.equal((await run("zsh", ["-f", "-c", zsh])).trim(), "_cek-nik");

  const help = await run(await program(resources), ["help"], bare);
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
  assert.ok(commands.includes("build"), help);
  for (const command of commands.filter((command) => command !== "help")) {
    const manual = await readFile(join(directory, "man", `cek-nik-${command}.1`), "utf8");
    assert.match(manual, /^\.TH /m, command);
  }
});

test("the bill of materials has the packages that are linked", async () => {
  const text = await readFile(join(dist, `cek-nik-${version}.cdx.json`), "utf8");
  const { bomFormat, metadata, components, serialNumber } = JSON.parse(text);
  assert.equal(bomFormat, "CycloneDX");
  assert.equal(metadata.component.name, "cek-nik-cli");
  assert.equal(serialNumber, undefined);
  const found = new Set(components.map(({ name, version }) => `${name} ${version}`));
  const tree = ["tree", "--locked", "--package", "cek-nik-cli", "--prefix", "none"];
  const linked = await run("cargo", [...tree, "--edges", "normal"], { cwd: root });
  for (const line of new Set(linked.trim().split("\n"))) {
    const [, name, number] = /^(\S+) v(\S+)/.exec(line);
    assert.ok(name === "cek-nik-cli" || found.has(`${name} ${number}`), line);
  }
});

// No engine builds the image here. A container from scratch is a root directory with this file.
test("the program works alone in a root directory, as nobody", async (t) => {
  if (process.getuid() !== 0) {
    return t.skip("only root may change the root directory");
  }
  const image = await resources.directory();
  await run("chmod", ["755", image]);
  await run("cp", [await program(resources), join(image, "cek-nik")]);
  const text = await readFile(join(root, "Containerfile"), "utf8");
  const user = /^USER (\d+:\d+)$/m.exec(text)[1];
  for (const [, name] of text.matchAll(/^ADD (\S+) /gm)) {
    assert.match(
      name.replace("${VERSION}", version),
      /^dist\/cek-nik-[\d.]+-\w+-unknown-linux-musl\.tar\.gz$/,
    );
  }
  await mkdir(join(image, "work"));
  await run("chown", [user, join(image, "work")]);
  const chroot = ["--userspec", user, image, "/cek-nik"];
  assert.equal(await run(find("chroot"), [...chroot, "--version"]), `cek-nik ${version}\n`);
  const sample = await run(find("chroot"), [...chroot, "sample", "--count", "2"]);
  assert.match(sample, /^(\d{12}9\d{3}\n){2}$/);
});
