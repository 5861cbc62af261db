"""Chat groups (企业微信, 钉钉, 飞书 and all that Apprise knows): a short form of each letter, and how it is sent."""
