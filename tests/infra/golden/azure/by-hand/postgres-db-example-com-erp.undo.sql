REVOKE SELECT ON "public"."orders" FROM "hygge";
REVOKE SELECT ON "public"."items" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
