<?php
/*
 * The router of `php -S`: a wiki for each folder below `wikis`, which the request's X-Site header names.
 */
$wiki = $_SERVER['HTTP_X_SITE'] ?? '';
if (!preg_match('/^\w+$/', $wiki) || !is_dir(__DIR__ . "/wikis/$wiki")) {
    http_response_code(400);
    exit('no wiki is named');
}
if (strtok($_SERVER['REQUEST_URI'], '?') !== '/w/api.php') {
    http_response_code(404);
    exit('only /w/api.php is served');
}
// Of a path that is no file, PHP makes one that MediaWiki redirects.
unset($_SERVER['PATH_INFO']);
define('MW_CONFIG_FILE', __DIR__ . '/mediawiki-settings.php');
chdir('/usr/share/mediawiki');
require '/usr/share/mediawiki/api.php';
