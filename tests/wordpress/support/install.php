<?php
/**
 * Installs WordPress, with one user for each role. Prints their names with passwords for the
 * editor and for the REST interface.
 */

define( 'WP_INSTALLING', true );
require getenv( 'WORDPRESS' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install( 'Berita', 'administrator', 'administrator@example.org', false, '', 'administrator' );
foreach ( array( 'editor', 'author', 'contributor' ) as $role ) {
	wp_insert_user(
		array(
			'user_login' => $role,
			'user_pass'  => $role,
			'user_email' => "$role@example.org",
			'role'       => $role,
		)
	);
}
$passwords = array();
foreach ( get_users() as $user ) {
	$created                        = WP_Application_Passwords::create_new_application_password( $user->ID, array( 'name' => 'tests' ) );
	$passwords[ $user->user_login ] = $created[0];
}
echo wp_json_encode( $passwords );
