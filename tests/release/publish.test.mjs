//! The ways of a site to its host that the documents and templates describe.

import assert from "node:assert/strict";
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";

import { Resources } from "../browser/support/resources.mjs";
import { buildSite, finds, program, root, run } from "./support.mjs";

const resources = new Resources();
after(() => resources.close());

const cekNik = await program(resources);
const command = [cekNik];

/** Copies a site. Its files have one date, as after a checkout: only their contents differ. */
async function place(site, directory) {
  await cp(site, directory, { recursive: true });
  for (const name of await readdir(directory, { recursive: true })) {
    await utimes(join(directory, name), 0, 0);
  }
}

describe("the upload with rsync", () => {
  for (const guide of ["docs/publishing/host.md", "docs/id/penerbitan/memasang.md"]) {
    test(`${guide}: each step leaves a site that answers, the last no old file`, async () => {
      const text = await readFile(join(root, guide), "utf8");
      const steps = [...text.matchAll(/^rsync .*? server:\/srv\/cek-nik\/(?= |$)/gm)];
      assert.equal(steps.length, 4);
      const directory = await resources.directory();
      const host = join(directory, "host");
      await mkdir(host);
      const upload = async (step) => {
        const line = step[0].replace("server:/srv/cek-nik/", `${host}/`);
        await run("sh", ["-euc", line], { cwd: directory });
      };

      const old = await buildSite(resources, command);
      await place(old.site, join(directory, "site"));
      for (const step of steps) {
        await upload(step);
      }
      assert.deepEqual(await readdir(host), await readdir(old.site));

      // The new edition has one more number, and so other shards.
      const listed = [...old.listed, old.absent];
      const next = await buildSite(resources, command, { listed });
      await rm(join(directory, "site"), { recursive: true });
      await place(next.site, join(directory, "site"));
      const found = [];
      for (const step of steps) {
        await upload(step);
        assert.equal(await finds(command, host, old.listed[0]), true, step[0]);
        found.push(await finds(command, host, old.absent));
      }
      assert.deepEqual(found, [false, false, true, true]);
      assert.deepEqual(
        await readdir(host, { recursive: true }),
        await readdir(next.site, { recursive: true }),
      );
    });
  }
});

describe("the template for GitHub Pages", () => {
  /** A copy of the template as a repository, with a site and more files. */
  async function repository(files = {}) {
    const directory = join(await resources.directory(), "pages");
    await cp(join(root, "templates/github-pages"), directory, { recursive: true });
    const { site, listed } = await buildSite(resources, command);
    await cp(site, join(directory, "site"), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content(listed));
    }
    await git(directory, "init", "--quiet");
    return directory;
  }

  const git = (directory, ...words) => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    return run("git", [...identity, "-C", directory, ...words]);
  };

  const commit = async (directory) => {
    await git(directory, "add", ".");
    await git(directory, "commit", "--quiet", "--message", "Edition");
  };

  const check = async (directory) => {
    const env = { ...process.env, PATH: `${dirname(cekNik)}:${process.env.PATH}` };
    return run(join(directory, "check.sh"), [], { env }).then(
      () => "accepted",
      ({ stdout, stderr }) => `refused: ${stdout}${stderr}`,
    );
  };

  test("accepts a site", async () => {
    const directory = await repository();
    await commit(directory);
    assert.equal(await check(directory), "accepted");
  });

  test("refuses a list beside the site, which .gitignore keeps out of commits", async () => {
    const directory = await repository({ "list.csv": (listed) => listed.join("\n") });
    await commit(directory);
    assert.match(await check(directory), /^refused: .*not part of a site: list\.csv/);
    assert.doesNotMatch(await git(directory, "ls-files"), /list\.csv/);
  });

  test("refuses a list that was committed and deleted", async () => {
    const directory = await repository({ "list.csv": (listed) => listed.join("\n") });
    await git(directory, "add", "--force", "list.csv");
    await commit(directory);
    await git(directory, "rm", "--quiet", "list.csv");
    await commit(directory);
    assert.match(await check(directory), /^refused: .*not part of a site: list\.csv/);
  });

  test("refuses a list in the site", async () => {
    const directory = await repository({ "site/data.txt": (listed) => listed.join("\n") });
    await commit(directory);
    assert.match(await check(directory), /^refused: .*data\.txt: /s);
  });

  test("refuses a key file in the site", async () => {
    const directory = await repository({ "list.csv": (listed) => listed.join("\n") });
    const keys = ["keys", "--site", "site", "--out", "list.cnkkeys", "list.csv"];
    await run(cekNik, keys, { cwd: directory });
    await rename(join(directory, "list.cnkkeys"), join(directory, "site/list.cnkkeys"));
    await rm(join(directory, "list.csv"));
    await commit(directory);
    assert.match(await check(directory), /^refused: .*list\.cnkkeys: /s);
  });

  test("refuses a link in the site, and a repository without a site", async () => {
    const directory = await repository();
    await symlink("../../list.csv", join(directory, "site/list"));
    assert.match(await check(directory), /^refused: .*links in the site: site\/list/);
    await rm(join(directory, "site"), { recursive: true });
    assert.match(await check(directory), /^refused: .*catalogue\.json is missing/);
  });
});
