//! nginx, Apache and Caddy as Debian packages them, on loopback, with a site's own header files.

import { execFile } from "node:child_process";
import { chmod, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { environment } from "../browser/support/command.mjs";
import { findFreePort } from "../browser/support/deps.mjs";
import { program, start } from "../browser/support/programs.mjs";
import { waitFor } from "../browser/support/wait.mjs";

const exec = promisify(execFile);
const MODULES = process.env.APACHE_MODULES ?? "/usr/lib/apache2/modules";

// Debian keeps servers in a directory that users do not have on PATH.
process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/**
 * Starts nginx. `server` is written into the block that includes the site's nginx.conf, `http`
 * around it.
 */
export async function openNginx(resources, site, { server = "", http = "" } = {}) {
  const { root, port } = await place(resources);
  const path = join(root, "nginx.conf");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${root}/${name};`)
    .join("\n");
  await writeFile(
    path,
    `pid ${root}/pid; error_log ${root}/error.log; daemon off;
events {}
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  ${paths}
  ${http}
  server {
    listen 127.0.0.1:${port};
    root ${site};
    index index.html;
    ${server}
    include ${site}/nginx.conf;
  }
}
`,
  );
  return started(resources, "nginx", ["-c", path, "-e", join(root, "error.log")], port, [
    "-t",
    "-q",
    "-c",
    path,
    "-e",
    join(root, "error.log"),
  ]);
}

/** Whether nginx accepts a file, and what it says. */
export async function nginxSays(resources, text) {
  const { root } = await place(resources);
  const path = join(root, "nginx.conf");
  await writeFile(path, `pid ${root}/pid; events {} ${text}`);
  const words = ["-t", "-q", "-c", path, "-e", join(root, "error.log")];
  return exec(program("nginx"), words, { env: environment }).then(
    () => "",
    ({ stderr }) => stderr,
  );
}

/** What Debian enables by itself, and what a file of the site needs. */
const USUAL = ["mpm_event", "authz_core", "dir", "mime", "filter", "deflate"];

/** Starts Apache. `server` is written before the directory of the site. */
export async function openApache(
  resources,
  site,
  { headers = true, override = "FileInfo", server = "" } = {},
) {
  const { root, port } = await place(resources);
  const path = join(root, "apache2.conf");
  const modules = [...USUAL, ...(headers ? ["headers"] : [])]
    .map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`)
    .join("\n");
  await writeFile(
    path,
    `ServerRoot ${root}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${root}/pid
ErrorLog ${root}/error.log
${modules}
TypesConfig /etc/mime.types
DirectoryIndex index.html
DocumentRoot ${site}
${server}
<Directory ${site}>
  Require all granted
  AllowOverride ${override}
</Directory>
`,
  );
  return started(resources, "apache2", ["-f", path, "-D", "FOREGROUND"], port, ["-t", "-f", path]);
}

/** Starts Caddy. `block` takes the place of the import of the site's Caddyfile. */
export async function openCaddy(resources, site, { block } = {}) {
  const { root, port } = await place(resources);
  const path = join(root, "Caddyfile");
  await writeFile(
    path,
    `{
  admin off
  auto_https off
  storage file_system ${root}
}
http://127.0.0.1:${port} {
  root * ${site}
  file_server
  ${block ?? `import ${site}/Caddyfile`}
}
`,
  );
  const words = ["--config", path, "--adapter", "caddyfile"];
  return started(resources, "caddy", ["run", ...words], port, ["validate", ...words]);
}

/** A copy of a site where a server can read it that root has started, and that is not root. */
export async function publish(resources, site) {
  const root = await resources.directory();
  await chmod(root, 0o755);
  await cp(site, join(root, "site"), { recursive: true });
  return join(root, "site");
}

const place = async (resources) => ({
  root: await resources.directory(),
  port: await findFreePort(),
});

/** Checks the configuration, so that a mistake is reported in the server's words. */
async function started(resources, name, words, port, check) {
  await exec(program(name), check, { env: environment });
  start(resources, name, words, { stdio: "ignore", env: environment });
  const address = `http://127.0.0.1:${port}/`;
  const isUp = () =>
    fetch(address).then(
      () => true,
      () => false,
    );
  await waitFor(`${name} to listen`, isUp, Boolean);
  return address;
}
