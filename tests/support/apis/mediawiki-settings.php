<?php
/* In place of the LocalSettings.php that an installation writes. */
require_once "$IP/includes/PlatformSettings.php";
$wgSitename = 'Wiki';
$wgServer = 'http://' . $_SERVER['HTTP_HOST'];
$wgScriptPath = '/w';
$wgLanguageCode = 'en';
$wgSecretKey = str_repeat('a test ', 8);
$wgDBtype = 'sqlite';
$wgDBname = 'wiki';
$wgSQLiteDataDir = __DIR__ . '/wikis/' . $_SERVER['HTTP_X_SITE'];
$wgMainCacheType = CACHE_NONE;
$wgMessageCacheType = CACHE_NONE;
$wgSessionCacheType = CACHE_DB;
// Texts of the software, made once for all wikis.
$wgCacheDirectory = __DIR__ . '/cache';
$wgEnableEmail = false;
$wgJobRunRate = 0;
$wgPingback = false;
$wgRateLimits = [];
// Without an account: a test writes and deletes pages.
$wgGroupPermissions['*'] = ['read' => true, 'edit' => true, 'createpage' => true, 'delete' => true, 'writeapi' => true];
