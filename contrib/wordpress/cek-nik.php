<?php
/**
 * Plugin Name: cek-nik
 * Description: Menyematkan alat periksa NIK dari situs cek-nik. / Embeds the NIK checker of a cek-nik site.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * Author: cek-nik
 * License: MIT OR Apache-2.0
 * Text Domain: cek-nik
 *
 * The plugin writes `<cek-nik>` with a link inside. It never sees a NIK or an answer: the widget
 * runs in a sandboxed frame of the site that hosts the list.
 */

namespace CekNik;

defined( 'ABSPATH' ) || exit;

const OPTION = 'cek_nik';
const PAGE   = 'cek-nik';
const SCRIPT = 'cek-nik';
const EDITOR = 'cek-nik-editor';

/** The catalogue is never longer. */
const MOST_BYTES = 4 << 20;

const LANGUAGES = array( '', 'id', 'en' );
const THEMES    = array( 'auto', 'light', 'dark' );

/** Ids of data sets, separated by spaces. */
const DATASETS = '/^[a-z0-9][a-z0-9-]{0,63}( +[a-z0-9][a-z0-9-]{0,63})*$/D';

add_action( 'init', __NAMESPACE__ . '\register' );
add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'admin_menu', __NAMESPACE__ . '\add_page' );
add_filter( 'script_loader_tag', __NAMESPACE__ . '\without_referrer', 10, 2 );
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), __NAMESPACE__ . '\action_links' );
register_uninstall_hook( __FILE__, __NAMESPACE__ . '\uninstall' );

/** A text of the interface: Indonesian, and English for users who have set WordPress to English. */
function text( string $indonesian, string $english ): string {
	return 0 === strpos( get_user_locale(), 'en' ) ? $english : $indonesian;
}

/**
 * The settings. `address` ends with a slash, and is empty until an administrator has set it.
 *
 * @return array{address: string, lang: string, theme: string}
 */
function settings(): array {
	$defaults = array(
		'address' => '',
		'lang'    => '',
		'theme'   => 'auto',
	);
	$saved    = get_option( OPTION );
	return array_merge( $defaults, is_array( $saved ) ? array_intersect_key( $saved, $defaults ) : array() );
}

// --- The widget in a post --------------------------------------------------------------------

function register(): void {
	add_shortcode( 'cek-nik', __NAMESPACE__ . '\shortcode' );
	register_block();

	$address = settings()['address'];
	if ( '' === $address ) {
		return;
	}
	wp_register_script( SCRIPT, $address . 'embed.js', array(), null, true );
	// The address of the widget too, which is no embed without this plugin.
	$pattern = '#^' . preg_quote( untrailingslashit( $address ), '#' ) . '(/|/cek-nik\.html|/index\.html)?(\#.*)?$#i';
	wp_embed_register_handler( 'cek-nik', $pattern, __NAMESPACE__ . '\embed' );
}

function embed(): string {
	return render( array() );
}

/** @param array<string, string>|string $attributes */
function shortcode( $attributes ): string {
	return render( (array) $attributes );
}

/** @param array<string, mixed> $attributes */
function block( array $attributes ): string {
	$classes = get_block_wrapper_attributes();
	return '<div ' . $classes . '>' . render( $attributes ) . '</div>';
}

/**
 * `<cek-nik>` with a link inside, which is shown where scripts do not run.
 *
 * @param array<string, mixed> $attributes `lang`, `theme` and `dataset`, from an author. Values of
 *                                         another form are ignored.
 */
function render( array $attributes ): string {
	$settings = settings();
	if ( '' === $settings['address'] ) {
		return current_user_can( 'edit_posts' )
			? '<p>' . esc_html( text( 'cek-nik: alamat situs belum diatur.', 'cek-nik: the address of the site is not set.' ) ) . '</p>'
			: '';
	}
	$lang    = chosen( $attributes, 'lang', LANGUAGES, $settings['lang'] );
	$theme   = chosen( $attributes, 'theme', THEMES, $settings['theme'] );
	$dataset = isset( $attributes['dataset'] ) && is_string( $attributes['dataset'] ) ? trim( $attributes['dataset'] ) : '';
	if ( ! preg_match( DATASETS, $dataset ) ) {
		$dataset = '';
	}
	$given = array_filter(
		array(
			'lang'    => $lang,
			'theme'   => 'auto' === $theme ? '' : $theme,
			'dataset' => $dataset,
		)
	);
	$names = '';
	foreach ( $given as $name => $value ) {
		$names .= ' ' . $name . '="' . esc_attr( $value ) . '"';
	}
	$link = $settings['address'] . 'cek-nik.html' . ( $given ? '#' . http_build_query( $given ) : '' );
	$text = 'en' === $lang ? 'Check your NIK without sending it' : 'Periksa NIK Anda tanpa mengirim nomornya';

	// Excerpts and feeds keep at most the link.
	if ( ! doing_filter( 'get_the_excerpt' ) && ! is_feed() ) {
		wp_enqueue_script( SCRIPT );
	}
	return '<cek-nik' . $names . '><a href="' . esc_url( $link ) . '" rel="noreferrer">' . esc_html( $text ) . '</a></cek-nik>';
}

/**
 * The author's value if it is allowed, else that of the settings.
 *
 * @param array<string, mixed> $attributes
 * @param string[]             $allowed
 */
function chosen( array $attributes, string $name, array $allowed, string $default ): string {
	$value = $attributes[ $name ] ?? '';
	return '' !== $value && in_array( $value, $allowed, true ) ? $value : $default;
}

/** Keeps the address of the article from the host of the list. */
function without_referrer( string $tag, string $handle ): string {
	if ( SCRIPT !== $handle || false !== strpos( $tag, 'referrerpolicy' ) ) {
		return $tag;
	}
	return str_replace( ' src=', ' async referrerpolicy="no-referrer" src=', $tag );
}

// --- The block -------------------------------------------------------------------------------

function register_block(): void {
	wp_register_script( EDITOR, false, array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components' ), false, true );
	wp_add_inline_script( EDITOR, 'window.cekNik = ' . wp_json_encode( editor_texts() ) . ';' . EDITOR_SCRIPT );
	$string = array(
		'type'    => 'string',
		'default' => '',
	);
	register_block_type(
		'cek-nik/widget',
		array(
			'api_version'           => 3,
			'title'                 => 'Cek NIK',
			'category'              => 'embed',
			'icon'                  => 'shield',
			'attributes'            => array(
				'lang'    => $string,
				'theme'   => $string,
				'dataset' => $string,
			),
			'supports'              => array( 'html' => false ),
			'editor_script_handles' => array( EDITOR ),
			'render_callback'       => __NAMESPACE__ . '\block',
		)
	);
}

/** @return array<string, mixed> */
function editor_texts(): array {
	$usual = text( 'Seperti di pengaturan', 'As in the settings' );
	return array(
		'description' => text( 'Alat periksa NIK dari situs cek-nik.', 'The NIK checker of a cek-nik site.' ),
		'shown'       => settings()['address']
			? text( 'Alat periksa NIK tampil di sini setelah tulisan diterbitkan.', 'The NIK checker appears here in the published post.' )
			: text( 'Alamat situs belum diatur: Pengaturan → cek-nik.', 'The address of the site is not set: Settings → cek-nik.' ),
		'lang'        => text( 'Bahasa', 'Language' ),
		'langs'       => options( $usual, array( 'id' => 'Bahasa Indonesia', 'en' => 'English' ) ),
		'theme'       => text( 'Tampilan', 'Theme' ),
		'themes'      => options( $usual, themes() ),
		'dataset'     => text( 'Hanya daftar ini (id, dipisahkan spasi)', 'Only these lists (ids, separated by spaces)' ),
	);
}

/**
 * @param array<string, string> $labels
 * @return array<int, array{value: string, label: string}>
 */
function options( string $usual, array $labels ): array {
	$options = array();
	foreach ( array( '' => $usual ) + $labels as $value => $label ) {
		$options[] = compact( 'value', 'label' );
	}
	return $options;
}

/** @return array<string, string> */
function themes(): array {
	return array(
		'auto'  => text( 'Mengikuti perangkat pembaca', 'As the reader’s device' ),
		'light' => text( 'Terang', 'Light' ),
		'dark'  => text( 'Gelap', 'Dark' ),
	);
}

const EDITOR_SCRIPT = <<<'JS'
( function ( blocks, element, editor, components, texts ) {
	const create = element.createElement;
	blocks.registerBlockType( 'cek-nik/widget', {
		apiVersion: 3,
		title: 'Cek NIK',
		description: texts.description,
		category: 'embed',
		icon: 'shield',
		keywords: [ 'nik', 'ktp' ],
		attributes: {
			lang: { type: 'string', default: '' },
			theme: { type: 'string', default: '' },
			dataset: { type: 'string', default: '' },
		},
		supports: { html: false },
		edit: function ( { attributes, setAttributes } ) {
			const field = ( control, name, more ) =>
				create( control, {
					label: texts[ name ],
					value: attributes[ name ],
					onChange: ( value ) => setAttributes( { [ name ]: value } ),
					...more,
				} );
			return create(
				'div',
				editor.useBlockProps(),
				create(
					editor.InspectorControls,
					null,
					create(
						components.PanelBody,
						{ title: 'Cek NIK' },
						field( components.SelectControl, 'lang', { options: texts.langs } ),
						field( components.SelectControl, 'theme', { options: texts.themes } ),
						field( components.TextControl, 'dataset' )
					)
				),
				create( components.Placeholder, { icon: 'shield', label: 'Cek NIK', instructions: texts.shown } )
			);
		},
		save: () => null,
	} );
} )( wp.blocks, wp.element, wp.blockEditor, wp.components, window.cekNik );
JS;

// --- The settings ----------------------------------------------------------------------------

function register_settings(): void {
	register_setting(
		PAGE,
		OPTION,
		array(
			'type'              => 'array',
			'sanitize_callback' => __NAMESPACE__ . '\sanitize',
		)
	);
}

function add_page(): void {
	add_options_page( 'cek-nik', 'cek-nik', 'manage_options', PAGE, __NAMESPACE__ . '\show_page' );
}

/**
 * @param string[] $links
 * @return string[]
 */
function action_links( array $links ): array {
	$link = '<a href="' . esc_url( admin_url( 'options-general.php?page=' . PAGE ) ) . '">' . esc_html( text( 'Pengaturan', 'Settings' ) ) . '</a>';
	return array_merge( array( $link ), $links );
}

/** Asks for the address. options.php checks the nonce and the capability. */
function show_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = settings();
	?>
	<div class="wrap">
		<h1>cek-nik</h1>
		<form action="options.php" method="post">
			<?php settings_fields( PAGE ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="cek-nik-address"><?php echo esc_html( text( 'Alamat situs cek-nik', 'Address of the cek-nik site' ) ); ?></label></th>
					<td>
						<input id="cek-nik-address" class="regular-text code" type="url" required
							name="<?php echo esc_attr( OPTION ); ?>[address]" value="<?php echo esc_attr( $settings['address'] ); ?>"
							placeholder="https://cek.example.org/" aria-describedby="cek-nik-address-help">
						<p class="description" id="cek-nik-address-help"><?php echo esc_html( text( 'Situs yang memuat daftarnya. Alat periksa di tulisan Anda berasal dari situs ini: pakai hanya yang Anda percayai.', 'The site that hosts the list. The checker in your posts comes from it: use only one that you trust.' ) ); ?></p>
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="cek-nik-lang"><?php echo esc_html( text( 'Bahasa', 'Language' ) ); ?></label></th>
					<td><?php select( 'lang', $settings['lang'], array( '' => text( 'Seperti halamannya', 'As the page' ), 'id' => 'Bahasa Indonesia', 'en' => 'English' ) ); ?></td>
				</tr>
				<tr>
					<th scope="row"><label for="cek-nik-theme"><?php echo esc_html( text( 'Tampilan', 'Theme' ) ); ?></label></th>
					<td><?php select( 'theme', $settings['theme'], themes() ); ?></td>
				</tr>
			</table>
			<?php submit_button( text( 'Periksa dan simpan', 'Verify and save' ) ); ?>
		</form>
		<h2><?php echo esc_html( text( 'Cara memakainya', 'How to use it' ) ); ?></h2>
		<p><?php echo esc_html( text( 'Tulis alamat situs itu di baris tersendiri, pakai blok “Cek NIK”, atau kode pendek ini:', 'Write the address of the site on a line of its own, use the block “Cek NIK”, or this shortcode:' ) ); ?> <code>[cek-nik]</code></p>
	</div>
	<?php
}

/** @param array<string, string> $labels */
function select( string $name, string $current, array $labels ): void {
	printf( '<select id="%s" name="%s">', esc_attr( 'cek-nik-' . $name ), esc_attr( OPTION . '[' . $name . ']' ) );
	foreach ( $labels as $value => $label ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $current, $value, false ), esc_html( $label ) );
	}
	echo '</select>';
}

/**
 * The settings to save. An address that is no cek-nik site is refused, and the old one stays.
 *
 * @param mixed $given
 * @return array{address: string, lang: string, theme: string}
 */
function sanitize( $given ): array {
	$old   = settings();
	$given = is_array( $given ) ? $given : array();
	$lang  = $given['lang'] ?? '';
	$theme = $given['theme'] ?? '';
	$new   = array(
		'address' => $old['address'],
		'lang'    => in_array( $lang, LANGUAGES, true ) ? $lang : $old['lang'],
		'theme'   => in_array( $theme, THEMES, true ) ? $theme : $old['theme'],
	);

	// WordPress calls this twice when it saves an option for the first time.
	static $verified = '';
	$wanted          = $given['address'] ?? '';
	if ( $wanted === $old['address'] ) {
		return $new;
	}
	$address = normalized( $wanted );
	$problem = '' === $address
		? text( 'Tulis alamat yang diawali https://, seperti https://cek.example.org/', 'Write an address that begins with https://, like https://cek.example.org/' )
		: ( $address === $verified ? '' : problem( $address ) );
	if ( '' !== $problem ) {
		add_settings_error( OPTION, 'address', $problem );
		return $new;
	}
	$verified       = $address;
	$new['address'] = $address;
	return $new;
}

/**
 * The address of the site's directory, with a slash at its end; empty if it is none. Plain http is
 * for trying on one's own computer only.
 *
 * @param mixed $text
 */
function normalized( $text ): string {
	$text  = is_string( $text ) ? trim( $text ) : '';
	$parts = wp_parse_url( $text );
	if ( ! is_array( $parts ) || ! isset( $parts['scheme'], $parts['host'] ) || isset( $parts['user'] ) || isset( $parts['query'] ) ) {
		return '';
	}
	$host     = strtolower( $parts['host'] );
	$is_local = in_array( $host, array( 'localhost', '127.0.0.1' ), true );
	$scheme   = strtolower( $parts['scheme'] );
	if ( 'https' !== $scheme && ! ( 'http' === $scheme && $is_local ) ) {
		return '';
	}
	$path = preg_replace( '#/(index|cek-nik)\.html$#', '/', $parts['path'] ?? '/' );
	if ( ! preg_match( '#^[a-z0-9.-]+$#D', $host ) || ! preg_match( '#^/[\w.~:/%-]*$#D', $path ) ) {
		return '';
	}
	return $scheme . '://' . $host . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' ) . trailingslashit( $path );
}

/** Why an address is not that of a cek-nik site; empty if it is one. */
function problem( string $address ): string {
	$answer = fetched( $address . 'catalogue.json' );
	if ( is_wp_error( $answer ) ) {
		/* translators: the technical reason */
		return sprintf( text( 'Situs itu tidak dapat dibuka dari server ini: %s', 'This server cannot reach the site: %s' ), $answer->get_error_message() );
	}
	$catalogue = json_decode( wp_remote_retrieve_body( $answer ), true );
	if ( 200 !== wp_remote_retrieve_response_code( $answer ) || ! isset( $catalogue['version'], $catalogue['datasets'] ) ) {
		return text( 'Di alamat itu tidak ada situs cek-nik: catalogue.json tidak ditemukan.', 'There is no cek-nik site at this address: it has no catalogue.json.' );
	}
	if ( '*' !== wp_remote_retrieve_header( $answer, 'access-control-allow-origin' ) ) {
		return text( 'Situs itu tidak mengirim Access-Control-Allow-Origin: *, sehingga alat periksa tidak dapat bekerja. Beri tahu pengelolanya.', 'The site does not send Access-Control-Allow-Origin: *, so the checker cannot work. Tell the people who run it.' );
	}
	// Only sites that know their own address have this document.
	$answer   = fetched( $address . 'oembed.json' );
	$document = is_wp_error( $answer ) ? null : json_decode( wp_remote_retrieve_body( $answer ), true );
	$own      = is_array( $document ) && is_string( $document['provider_url'] ?? null ) ? $document['provider_url'] : $address;
	if ( $own !== $address ) {
		/* translators: an address */
		return sprintf( text( 'Situs itu menyebut alamatnya %s. Pakai alamat itu.', 'The site gives its address as %s. Use that one.' ), $own );
	}
	return '';
}

/** @return array<string, mixed>|\WP_Error */
function fetched( string $address ) {
	return wp_safe_remote_get(
		$address,
		array(
			'timeout'             => 10,
			'redirection'         => 0,
			'limit_response_size' => MOST_BYTES,
			// Browsers send it with the widget's requests, and some hosts answer only then with the header.
			'headers'             => array( 'Origin' => 'null' ),
		)
	);
}

function uninstall(): void {
	delete_option( OPTION );
}
