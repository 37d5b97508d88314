<?php
/*
 * A site of WordPress for each database: the request's X-Site header names it. Debian's own wp-config.php looks in /etc for the site's settings, so this file
 * stands in its place. It is the router of `php -S`, and `php wordpress.php install <title> <user> <password>` makes the tables.
 */
$isInstall = PHP_SAPI === 'cli';
$site = $isInstall ? getenv('WORDPRESS_SITE') : ($_SERVER['HTTP_X_SITE'] ?? '');
if (!preg_match('/^\w+$/', $site)) {
    http_response_code(400);
    exit('no site is named');
}
define('ABSPATH', '/usr/share/wordpress/');
define('DB_NAME', $site);
foreach (['DB_USER', 'DB_PASSWORD', 'DB_HOST'] as $name) define($name, getenv($name));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$address = 'http://' . ($_SERVER['HTTP_HOST'] ?? 'localhost');
define('WP_HOME', $address);
define('WP_SITEURL', $address);
// Only a local site takes application passwords without TLS.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name)
    define($name, "$name of a test");
$table_prefix = 'wp_';
function wp_mail() {
    return true;
}
if ($isInstall) {
    define('WP_INSTALLING', true);
    // Without posts of its own.
    function wp_install_defaults() {}
    require ABSPATH . 'wp-settings.php';
    require ABSPATH . 'wp-admin/includes/upgrade.php';
    $installed = wp_install($argv[2], $argv[3], 'admin@example.org', false, '', $argv[4]);
    update_option('permalink_structure', '/%postname%/');
    $GLOBALS['wp_rewrite']->init();
    flush_rewrite_rules(false);
    [$password] = WP_Application_Passwords::create_new_application_password($installed['user_id'], ['name' => 'tests']);
    echo json_encode(['password' => $password, 'version' => $GLOBALS['wp_version']]);
    exit;
}
require ABSPATH . 'wp-settings.php';
// Answers a request for /wp-json/… and ends.
wp();
http_response_code(404);
