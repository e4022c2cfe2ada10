"""Demonstration data: fictional people, clients and an employer; no real person or company."""
