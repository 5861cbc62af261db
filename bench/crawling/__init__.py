"""What a round of the crawler costs, beside a bare Scrapy spider, and what it is with many portals."""
