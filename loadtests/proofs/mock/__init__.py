"""Everything at random against our own mock: does it answer each request as it answers it alone?"""
