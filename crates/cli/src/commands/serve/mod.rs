use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use cek_nik::catalogue::FILE_NAME;
use cek_nik_publisher::site::{
    CHANGING, EMBEDDABLE, HEADERS_FOR_ALL, Header, IMMUTABLE, INTEGRITY, SHARD_TYPE, WIDGET_NAME,
};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use visible::Visible;

mod visible;

/// Preview a site in a browser on this computer
///
/// Serves the directory on 127.0.0.1 with the headers that a host should send. Only this computer
/// can reach it: it is not a host. Symbolic links, and files whose names start with a dot, are not
/// served.
///
/// The widget needs headers that let every origin read the files. So while the preview runs, any
/// page open in a browser on this computer can read the site, published or not. Stop it with Ctrl-C
/// when you are done.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory of the site
    site: PathBuf,
    /// Port; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik serve site
          Preview a site at http://127.0.0.1:8080/
  cek-nik serve site --port 0
          Preview it at a free port, which is printed

Exit status:
  0  Ctrl-C ended the preview
  2  the site could not be served";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    ensure!(
        arguments.site.join(FILE_NAME).is_file(),
        "{} contains no {FILE_NAME}; build a site there first: cek-nik build --out {0} LIST",
        arguments.site.display()
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve(arguments));
    // Do not wait for open connections or for files that are being read.
    runtime.shutdown_background();
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve(arguments: &Arguments) -> anyhow::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another port with --port"))?;
    println!(
        "http://{}/  (Ctrl-C ends)",
        listener.local_addr().context("no address")?
    );
    eprintln!(
        "warning: while this runs, any page open in a browser on this computer can read the site, \
         published or not. Stop it with Ctrl-C when you are done."
    );
    let server = tokio::spawn(axum::serve(listener, router(&arguments.site)).into_future());
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a signal handler, Ctrl-C still ends the process.
        server.await??;
    }
    Ok(())
}

fn router(site: &Path) -> Router {
    let files = |directory: &Path| ServeDir::with_backend(directory, Visible::below(site));
    let shards = Router::new()
        .fallback_service(files(&site.join("data")))
        .layer(map_response(as_shard));
    Router::new()
        .nest_service("/data", shards)
        .fallback_service(files(site))
        .layer(map_response(common_headers))
        .layer(from_fn(widget_header))
}

async fn widget_header(request: Request, next: Next) -> axum::response::Response {
    let is_widget = request.uri().path().strip_prefix('/') == Some(WIDGET_NAME);
    let mut response = next.run(request).await;
    if is_widget {
        insert(&mut response, &EMBEDDABLE);
        insert(&mut response, &INTEGRITY);
    }
    response
}

fn insert<B>(response: &mut Response<B>, header: &Header) {
    if let Ok(name) = HeaderName::from_bytes(header.name.as_bytes()) {
        let value = HeaderValue::from_static(header.value);
        response.headers_mut().insert(name, value);
    }
}

async fn as_shard<B>(mut response: Response<B>) -> Response<B> {
    if response.status().is_success() {
        let media_type = HeaderValue::from_static(SHARD_TYPE);
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let immutable = HeaderValue::from_static(IMMUTABLE.value);
        response.headers_mut().insert(CACHE_CONTROL, immutable);
    }
    response
}

async fn common_headers<B>(mut response: Response<B>) -> Response<B> {
    for header in &HEADERS_FOR_ALL {
        insert(&mut response, header);
    }
    let headers = response.headers_mut();
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(CHANGING.value));
    if let Some(kind) = headers.get_mut(CONTENT_TYPE)
        && kind == "text/html"
    {
        *kind = HeaderValue::from_static("text/html; charset=utf-8");
    }
    response
}
