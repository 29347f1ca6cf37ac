//! A real WordPress on loopback, in a temporary directory: Debian's files, a database of its own,
//! and PHP's own server.

import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { environment } from "../../browser/support/command.mjs";
import { By, findFreePort } from "../../browser/support/deps.mjs";
import { program, start } from "../../browser/support/programs.mjs";
import { waitFor } from "../../browser/support/wait.mjs";

const exec = promisify(execFile);
const FILES = process.env.WORDPRESS ?? "/usr/share/wordpress";
const INSTALL = fileURLToPath(new URL("install.php", import.meta.url));
const PLUGIN = fileURLToPath(new URL("../../../contrib/wordpress/cek-nik.php", import.meta.url));

// Debian keeps servers in a directory that users do not have on PATH.
process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

export async function openWordPress(resources) {
  const root = await resources.directory();
  const directory = join(root, "wordpress");
  const [socket, server] = await Promise.all([
    openDatabase(root, resources),
    findFreePort(),
    // Debian links to files of other packages.
    cp(FILES, directory, { recursive: true, dereference: true, filter: isInstalled }),
  ]);
  const address = `http://127.0.0.1:${server}/`;
  const plugins = join(directory, "wp-content", "plugins");
  await mkdir(join(directory, "wp-content", "mu-plugins"), { recursive: true });
  await mkdir(plugins, { recursive: true });
  await Promise.all([
    writeFile(join(directory, "wp-config.php"), config(socket, address)),
    writeFile(join(directory, "wp-content", "mu-plugins", "tests.php"), FOR_TESTS),
    symlink(PLUGIN, join(plugins, "cek-nik.php")),
  ]);
  const php = (...words) =>
    exec(program("php"), words, { env: { ...environment, WORDPRESS: directory } });
  const passwords = JSON.parse((await php(INSTALL)).stdout);
  start(resources, "php", ["-S", `127.0.0.1:${server}`, "-t", directory], {
    stdio: "ignore",
    env: { ...environment, PHP_CLI_SERVER_WORKERS: "3" },
  });
  await waitFor("WordPress to answer", () => isUp(address), Boolean);
  return new WordPress(address, passwords, php, join(directory, "debug.log"));
}

const isInstalled = (path) => !path.endsWith("/wp-config.php") && !path.endsWith("/.htaccess");

const isUp = (address) =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

/** Gives the path of the socket. The database does not listen on a port. */
async function openDatabase(root, resources) {
  const data = join(root, "database");
  const socket = join(root, "socket");
  const own = ["--no-defaults", `--datadir=${data}`];
  // It refuses to run as root otherwise.
  const user = process.getuid() === 0 ? ["--user=root"] : [];
  await exec(
    program("mariadb-install-db"),
    [...own, ...user, "--auth-root-authentication-method=normal", "--skip-test-db"],
    { env: environment },
  );
  const words = [...own, ...user, `--socket=${socket}`, "--skip-networking", "--skip-grant-tables"];
  start(resources, "mariadbd", [...words, `--pid-file=${join(root, "pid")}`], {
    stdio: "ignore",
    env: environment,
  });
  const ask = (query) =>
    exec(program("mariadb"), ["--no-defaults", `--socket=${socket}`, "-e", query]).then(
      () => true,
      () => false,
    );
  await waitFor("the database", () => ask("CREATE DATABASE IF NOT EXISTS berita"), Boolean);
  return socket;
}

const config = (socket, address) => `<?php
define( 'DB_NAME', 'berita' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:${socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'WP_HOME', '${address.slice(0, -1)}' );
define( 'WP_SITEURL', '${address.slice(0, -1)}' );
// Passwords of applications work without https only here.
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_DEBUG', true );
// PHP is newer than this WordPress, which has warnings of its own.
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/debug.log' );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) {
	define( $name, $name );
}
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;

/** WordPress may fetch from the hosts of lists, and from nowhere else. */
const FOR_TESTS = `<?php
add_filter( 'http_allowed_safe_ports', fn( $ports ) => array_merge( $ports, get_option( 'ports_for_tests', array() ) ) );
add_filter(
	'pre_http_request',
	fn( $answer, $args, $url ) => '127.0.0.1' === parse_url( $url, PHP_URL_HOST ) ? $answer : new WP_Error( 'tests', 'not in a test' ),
	10,
	3
);
`;

class WordPress {
  #passwords;
  #php;
  #log;

  constructor(address, passwords, php, log) {
    this.address = address;
    this.#passwords = passwords;
    this.#php = php;
    this.#log = log;
  }

  /** What PHP has complained about in the plugin. */
  async complaints() {
    const lines = (await readFile(this.#log, "utf8").catch(() => "")).split("\n");
    return lines.filter((line) => /cek-nik\.php|CekNik|cek-nik\//.test(line));
  }

  /** Runs PHP code within WordPress. */
  async run(code) {
    const { stdout } = await this.#php(
      "-r",
      `require getenv('WORDPRESS') . '/wp-load.php'; ${code}`,
    );
    return stdout;
  }

  /** WordPress fetches from few ports. */
  allowPort(port) {
    return this.run(
      `update_option('ports_for_tests', array_merge(get_option('ports_for_tests', array()), array(${port})));`,
    );
  }

  theme(name) {
    return this.run(`switch_theme('${name}');`);
  }

  activatePlugin() {
    return this.run(
      `require ABSPATH . 'wp-admin/includes/plugin.php'; wp_set_current_user(1); activate_plugin('cek-nik.php');`,
    );
  }

  /** The interface that the block editor uses too. */
  async rest(user, path, body) {
    const login = Buffer.from(`${user}:${this.#passwords[user]}`).toString("base64");
    const response = await fetch(`${this.address}index.php?rest_route=/wp/v2/${path}`, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Basic ${login}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${path} as ${user}: ${response.status} ${text}`);
    }
    return JSON.parse(text);
  }

  /**
   * Publishes a post. The administrator publishes what contributors have written. Gives its address
   * and its text as WordPress keeps it.
   */
  async post(user, content) {
    const status = user === "contributor" ? "pending" : "publish";
    const { id, content: kept } = await this.rest(user, "posts", {
      title: "Apakah NIK Anda bocor?",
      content,
      status,
      // The field for comments of one theme is wider than a phone.
      comment_status: "closed",
    });
    if (status === "pending") {
      await this.rest("administrator", `posts/${id}`, { status: "publish" });
    }
    return { id, address: `${this.address}?p=${id}`, kept: kept.raw };
  }

  async signIn(driver, user) {
    await driver.get(`${this.address}wp-login.php`);
    await driver.manage().deleteAllCookies();
    await driver.get(`${this.address}wp-login.php`);
    // WordPress focuses its own input a moment later, which would take the keys.
    await driver.executeScript((name) => {
      document.getElementById("user_login").value = name;
      document.getElementById("user_pass").value = name;
    }, user);
    await driver.findElement(By.id("wp-submit")).click();
    await waitFor(
      "the dashboard",
      () => driver.getCurrentUrl(),
      (url) => /wp-admin/.test(url),
    );
  }
}
