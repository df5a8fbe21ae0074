.PHONY: run test
run:
	python3 start.py
test:
	python3 start.py test
